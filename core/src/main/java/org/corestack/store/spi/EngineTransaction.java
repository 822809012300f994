package org.corestack.store.spi;

import org.corestack.errors.CoreException;

/**
 * Several operations that take effect together or not at all. Not thread-safe.
 *
 * <p>It sees its own writes, and of others those that were confirmed before its first operation; none of those that
 * come later are seen by it: where it writes what one has written, or, with
 * {@link Capability#SERIALIZABLE_TRANSACTIONS}, where no order of the transactions would explain what each has seen, it
 * fails and can be tried again ({@link #canRetry}).
 *
 * <p>What its writes return is what their changes in the feed carry; but the change of a delete may have a later version,
 * where the engine knows it only from the commit.
 */
public interface EngineTransaction extends AutoCloseable {
    /**
     * A collection within the transaction. Of its operations {@code snapshot}, {@code ensureIndexes}, {@code indexes} and
     * {@code changes} are not called.
     */
    EngineCollection collection(String name);

    /**
     * Makes it all take effect, durably. Within a transaction of the caller's own it does nothing but end the use.
     *
     * @throws CoreException as a write
     */
    void commit(Deadline deadline);

    /** Whether what failed can succeed when the whole transaction is done again: it lost against another. */
    boolean canRetry(RuntimeException failure);

    /** Undoes what was not committed; nothing if it was, or where the transaction is the caller's own. Never throws. */
    @Override
    void close();
}
