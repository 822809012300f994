package org.corestack.postgresql;

import org.corestack.store.spi.Deadline;

/**
 * Each operation by itself.
 *
 * @param database where
 */
record DirectAccess(Database database) implements Access {
    @Override
    public <T> T read(Deadline deadline, Object doing, Pool.Work<T> work) {
        return database.pool().read(deadline, doing, work);
    }

    @Override
    public <T> T write(Deadline deadline, Object doing, boolean single, Pool.Work<T> work) {
        return single
                ? database.pool().write(deadline, doing, work)
                : database.pool().inTransaction(deadline, doing, work);
    }

    /** Found out by the operation itself, which saves the question. */
    @Override
    public boolean isThere(CollectionName name, boolean create, Deadline deadline) {
        return true;
    }

    @Override
    public void written(StoreName store) {
        database.signals().committed(store);
    }
}
