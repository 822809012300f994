package org.corestack.document;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** What must hold of the stored document for a write of it to take place. */
public sealed interface Condition {
    /** Whether a document of the given version fulfils the condition. */
    boolean holds(long version);

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

    /** Always holds. */
    enum None implements Condition {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean holds(long version) {
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
        public boolean holds(long actual) {
            return actual == version;
        }
    }
}
