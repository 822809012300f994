package org.corestack.postgresql;

import org.corestack.store.spi.Deadline;

/** How an operation of a collection gets to the database: by itself, or within a transaction. */
interface Access {
    /** Reads. */
    <T> T read(Deadline deadline, Object doing, Pool.Work<T> work);

    /**
     * Writes.
     *
     * @param single whether at most one of the statements writes: otherwise they are one transaction
     */
    <T> T write(Deadline deadline, Object doing, boolean single, Pool.Work<T> work);

    /** Whether an operation may begin: false where the collection is not there, and not made, as far as is known. */
    boolean isThere(CollectionName name, boolean create, Deadline deadline);

    /** Something was written to a store. */
    void written(StoreName store);
}
