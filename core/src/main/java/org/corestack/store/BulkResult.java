package org.corestack.store;

import org.corestack.document.Key;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;

/** What came of one of several writes. */
public sealed interface BulkResult {
    /** The key of the document. */
    Key key();

    /**
     * What the write came to.
     *
     * @throws CoreException as the write by itself would have
     */
    Written get();

    /**
     * It took place.
     *
     * @param key which document
     * @param written its version and position
     */
    record Applied(Key key, Written written) implements BulkResult {
        @Override
        public Written get() {
            return written;
        }
    }

    /**
     * It did not take place, or its outcome is unknown ({@link CoreException#outcomeUnknown}).
     *
     * @param key which document
     * @param error what the write by itself would have thrown
     */
    record Failed(Key key, CoreException error) implements BulkResult {
        @Override
        public Written get() {
            throw error;
        }
    }
}
