package org.corestack.sqlite;

import org.corestack.store.spi.Deadline;

/** How an operation of a collection gets to the file: by itself, or within a transaction. */
interface Access {
    /** Reads. */
    <T> T read(Deadline deadline, Object doing, ReadPool.Read<T> read);

    /** Reads at one moment. */
    <T> T readAtOnce(Deadline deadline, Object doing, ReadPool.Read<T> read);

    /** Writes, all or nothing. */
    <T> T write(Deadline deadline, Object doing, WriteTask.Work<T> work);
}
