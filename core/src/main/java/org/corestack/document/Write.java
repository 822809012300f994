package org.corestack.document;

import java.time.Instant;
import java.util.Set;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/** One write of one document, all or nothing. Immutable; {@link #after} is its meaning. */
public sealed interface Write {
    /** Which document. */
    Key key();

    /** What must hold of the document that is there for the write to take place. */
    default Condition condition() {
        return Condition.none();
    }

    /**
     * The document after this write, where it takes place.
     *
     * @param before the document that is there, null if there is none
     * @param serverTime the database's time
     * @return null after a delete
     * @throws CoreException INVALID_ARGUMENT where a patch does not fit the document
     */
    @Nullable
    Document after(@Nullable Document before, Instant serverTime);

    /**
     * Creates a document; ALREADY_EXISTS if the key is taken.
     *
     * @param key which
     * @param document its content
     */
    record Insert(Key key, Document document) implements Write {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if a part is null
         */
        public Insert {
            WriteMeaning.complete("an insert", key, document);
        }

        @Override
        public Document after(@Nullable Document before, Instant serverTime) {
            return document;
        }
    }

    /**
     * Replaces the whole document; NOT_FOUND if there is none, CONFLICT if the condition does not hold.
     *
     * @param key which
     * @param document its new content
     * @param condition what must hold
     */
    record Replace(Key key, Document document, Condition condition) implements Write {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if a part is null
         */
        public Replace {
            WriteMeaning.complete("a replacement", key, document, condition);
        }

        @Override
        public Document after(@Nullable Document before, Instant serverTime) {
            return document;
        }
    }

    /**
     * Sets the given top-level fields, removes others, and leaves the rest; NOT_FOUND and CONFLICT as
     * {@link Replace}.
     *
     * @param key which
     * @param set the fields to set, each as a whole
     * @param unset the fields to remove, none of them in {@code set}
     * @param condition what must hold
     */
    record Merge(Key key, Document set, Set<String> unset, Condition condition) implements Write {
        /**
         * Checks and copies.
         *
         * @throws CoreException INVALID_ARGUMENT if a field is both set and removed, or a part is null
         */
        public Merge {
            WriteMeaning.complete("an update", key, set, unset, condition);
            unset = WriteMeaning.disjoint(set, unset);
        }

        @Override
        public Document after(@Nullable Document before, Instant serverTime) {
            return WriteMeaning.merge(before, set, unset);
        }
    }

    /**
     * Creates the document with the set fields, or merges as {@link Merge} where there is one.
     *
     * @param key which
     * @param set the fields to set, each as a whole
     * @param unset the fields to remove where there is a document already, none of them in {@code set}
     */
    record Upsert(Key key, Document set, Set<String> unset) implements Write {
        /**
         * Checks and copies.
         *
         * @throws CoreException INVALID_ARGUMENT if a field is both set and removed, or a part is null
         */
        public Upsert {
            WriteMeaning.complete("an upsert", key, set, unset);
            unset = WriteMeaning.disjoint(set, unset);
        }

        @Override
        public Document after(@Nullable Document before, Instant serverTime) {
            return WriteMeaning.merge(before, set, unset);
        }
    }

    /**
     * Applies a patch; NOT_FOUND and CONFLICT as {@link Replace}.
     *
     * @param key which
     * @param patch the steps
     * @param condition what must hold
     * @param returning whether the document after it is wanted
     */
    record Apply(Key key, Patch patch, Condition condition, boolean returning) implements Write {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if a part is null
         */
        public Apply {
            WriteMeaning.complete("a patch", key, patch, condition);
        }

        @Override
        public Document after(@Nullable Document before, Instant serverTime) {
            return patch.apply(before == null ? Document.empty() : before, serverTime);
        }
    }

    /**
     * Deletes the document; NOT_FOUND and CONFLICT as {@link Replace}.
     *
     * @param key which
     * @param condition what must hold
     */
    record Delete(Key key, Condition condition) implements Write {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if a part is null
         */
        public Delete {
            WriteMeaning.complete("a delete", key, condition);
        }

        @Override
        public @Nullable Document after(@Nullable Document before, Instant serverTime) {
            return null;
        }
    }
}
