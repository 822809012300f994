package org.corestack.postgresql;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of a caller: of ours, on a connection of the pool, or joined, on the caller's.
 *
 * <p>One of ours is SERIALIZABLE: it sees the database as it was at its first statement, and fails where it writes what
 * another has written since, or where no order of the transactions would explain what each of them saw. Each write is in a savepoint, so that one that is refused does not end the whole.
 */
final class PostgresTransaction implements EngineTransaction, Access {
    private final Database database;
    private final PostgresStore store;
    private final Lease lease;
    private final boolean joined;
    private final @Nullable Deadline end;
    private final Set<CollectionName> known = new HashSet<>();
    private boolean open = true;
    private boolean wrote;

    /**
     * An open transaction.
     *
     * @param end when it ends, null where that is the caller's affair
     */
    PostgresTransaction(Database database, PostgresStore store, Lease lease, @Nullable Deadline end) {
        this.database = database;
        this.store = store;
        this.lease = lease;
        this.joined = end == null;
        this.end = end;
    }

    @Override
    public EngineCollection collection(String name) {
        return store.collection(name, this);
    }

    @Override
    public <T> T read(Deadline deadline, Object doing, Pool.Work<T> work) {
        return use(deadline, doing, work);
    }

    @Override
    public <T> T write(Deadline deadline, Object doing, boolean single, Pool.Work<T> work) {
        return use(deadline, doing, session -> session.inSavepoint(work));
    }

    private <T> T use(Deadline deadline, Object doing, Pool.Work<T> work) {
        checkOpen(doing);
        try {
            return lease.use(deadline, doing, work);
        } catch (CoreException e) {
            if (end != null && end.isExpired()) {
                checkTime(doing, e);
            }
            throw e;
        }
    }

    private void checkOpen(Object doing) {
        if (!open) {
            throw CoreException.failedPrecondition(doing + " failed: the transaction is over");
        }
        checkTime(doing, null);
    }

    private void checkTime(Object doing, @Nullable CoreException cause) {
        if (end != null && end.isExpired()) {
            close();
            throw new CoreException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    doing + " failed, as the transaction was rolled back when its time was over, after "
                            + end.timeout(),
                    cause);
        }
    }

    /** Asked once, as a statement that fails for want of a table would end the transaction. */
    @Override
    public boolean isThere(CollectionName name, boolean create, Deadline deadline) {
        if (known.contains(name)) {
            return true;
        }
        boolean there = use(
                deadline,
                "looking for " + name,
                session -> session.exists("SELECT 1 WHERE to_regclass(?) IS NOT NULL", name.table()));
        if (!there && create) {
            // On a connection of its own: it stays if this is undone. And of the engine's own: the others of the pool
            // may
            // all be in transactions that wait for the same.
            store.schema().ensureApart(name, deadline);
            there = true;
        }
        if (there) {
            known.add(name);
        }
        return there;
    }

    @Override
    public void written(StoreName name) {
        wrote = true;
    }

    @Override
    public void commit(Deadline deadline) {
        String doing = "the commit of a transaction of " + store.name();
        checkOpen(doing);
        // However late the answer: nobody can say then that it was rolled back.
        lease.commit(deadline, doing);
        open = false;
        lease.close(false);
        if (wrote) {
            database.signals().committed(store.name());
        }
    }

    @Override
    public boolean canRetry(RuntimeException failure) {
        return !joined
                && failure instanceof CoreException error
                && error.code() == ErrorCode.CONFLICT
                && error.getCause() instanceof SQLException;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            lease.close(!joined);
        }
    }
}
