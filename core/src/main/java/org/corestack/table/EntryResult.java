package org.corestack.table;

import org.corestack.document.Written;
import org.corestack.errors.CoreException;

/**
 * What came of one of several writes.
 *
 * @param <K> the type of the keys
 */
public sealed interface EntryResult<K> {
    /** The key of the entry. */
    K key();

    /**
     * What the write came to.
     *
     * @throws CoreException as the write by itself would have
     */
    Written get();

    /**
     * It took place.
     *
     * @param key which entry
     * @param written its version and position
     */
    record Applied<K>(K key, Written written) implements EntryResult<K> {
        @Override
        public Written get() {
            return written;
        }
    }

    /**
     * It did not take place, or its outcome is unknown ({@link CoreException#outcomeUnknown}).
     *
     * @param key which entry
     * @param error what the write by itself would have thrown; NOT_FOUND for the delete of what is not there
     */
    record Failed<K>(K key, CoreException error) implements EntryResult<K> {
        @Override
        public Written get() {
            throw error;
        }
    }
}
