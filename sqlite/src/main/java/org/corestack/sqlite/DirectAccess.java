package org.corestack.sqlite;

import org.corestack.store.spi.Deadline;

/**
 * Each operation by itself.
 *
 * @param database where
 */
record DirectAccess(Database database) implements Access {
    @Override
    public <T> T read(Deadline deadline, Object doing, ReadPool.Read<T> read) {
        return database.reads().read(deadline, doing, read);
    }

    @Override
    public <T> T readAtOnce(Deadline deadline, Object doing, ReadPool.Read<T> read) {
        return database.reads().readAtOnce(deadline, doing, read);
    }

    @Override
    public <T> T write(Deadline deadline, Object doing, WriteTask.Work<T> work) {
        database.transactions().refuseWithin(doing);
        return database.writer().write(new WriteTask<>(doing, deadline, work));
    }
}
