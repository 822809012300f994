package org.corestack.store.spi;

import java.util.Set;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Patch;

/** One write of one document. */
public sealed interface Write {
    /** Which document. */
    Key key();

    /**
     * Creates a document; ALREADY_EXISTS if the key is taken.
     *
     * @param key which
     * @param document its content
     */
    record Insert(Key key, Document document) implements Write {}

    /**
     * Replaces the whole document; NOT_FOUND if there is none, CONFLICT if the condition does not hold.
     *
     * @param key which
     * @param document its new content
     * @param condition what must hold
     */
    record Replace(Key key, Document document, Condition condition) implements Write {}

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
        /** The document after this write. */
        public Document apply(Document document) {
            Document.Builder merged = Document.builder();
            document.asMap().forEach((name, value) -> {
                if (!unset.contains(name)) {
                    merged.put(name, value);
                }
            });
            set.asMap().forEach(merged::set);
            return merged.build();
        }
    }

    /**
     * Creates the document with the set fields, or merges as {@link Merge} where there is one.
     *
     * @param key which
     * @param set the fields to set, each as a whole
     * @param unset the fields to remove where there is a document already
     */
    record Upsert(Key key, Document set, Set<String> unset) implements Write {}

    /**
     * Applies a patch; NOT_FOUND and CONFLICT as {@link Replace}.
     *
     * @param key which
     * @param patch the steps
     * @param condition what must hold
     */
    record Apply(Key key, Patch patch, Condition condition) implements Write {}

    /**
     * Deletes the document; NOT_FOUND and CONFLICT as {@link Replace}.
     *
     * @param key which
     * @param condition what must hold
     */
    record Delete(Key key, Condition condition) implements Write {}
}
