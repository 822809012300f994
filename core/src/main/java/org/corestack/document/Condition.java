package org.corestack.document;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** What must hold of the stored document for a write of it to take place. Immutable. */
public sealed interface Condition {
    /** Whether a stored document fulfils the condition. */
    boolean holds(StoredDocument stored);

    /** The condition that always holds. */
    static Condition none() {
        return None.INSTANCE;
    }

    /**
     * The document is still of the given version.
     *
     * @throws CoreException INVALID_ARGUMENT if the version is negative
     */
    static Condition ifVersion(long version) {
        return new IfVersion(version);
    }

    /**
     * The document is one that a filter means.
     *
     * @throws CoreException INVALID_ARGUMENT if the filter is not one of documents
     */
    static Condition matching(Filter filter) {
        return new Matching(filter);
    }

    /** Always holds. */
    enum None implements Condition {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean holds(StoredDocument stored) {
            return true;
        }
    }

    /**
     * Holds while the document has this version.
     *
     * @param version as {@link StoredDocument#version} gave it
     */
    record IfVersion(long version) implements Condition {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if the version is negative
         */
        public IfVersion {
            if (version < 0) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "no document has the version " + version);
            }
        }

        @Override
        public boolean holds(StoredDocument stored) {
            return stored.version() == version;
        }
    }

    /**
     * Holds while the filter means the document.
     *
     * @param filter what the document must be
     */
    record Matching(Filter filter) implements Condition {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if the filter is not one of documents
         */
        public Matching {
            filter = filter.ofDocuments();
        }

        @Override
        public boolean holds(StoredDocument stored) {
            return filter.matches(stored.key(), stored.document());
        }
    }
}
