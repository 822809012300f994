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
 * <p>One of ours is REPEATABLE READ: it sees the database as it was at its first statement, and fails where it writes
 * what another has written since. Each write is in a savepoint, so that one that is refused does not end the whole.
 */
final class PostgresTransaction implements EngineTransaction, Access {
    private final Database database;
    private final PostgresStore store;
    private final Pool.Lease lease;
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
    PostgresTransaction(Database database, PostgresStore store, Pool.Lease lease, @Nullable Deadline end) {
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
    public <T> T write(Deadline deadline, Object doing, boolean oneStatement, Pool.Work<T> work) {
        return use(deadline, doing, session -> inSavepoint(session, work));
    }

    private static <T> T inSavepoint(Session session, Pool.Work<T> work) throws SQLException {
        session.update("SAVEPOINT corestack");
        try {
            T result = work.with(session);
            session.update("RELEASE SAVEPOINT corestack");
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                session.update("ROLLBACK TO SAVEPOINT corestack");
                session.update("RELEASE SAVEPOINT corestack");
            } catch (SQLException | RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private <T> T use(Deadline deadline, Object doing, Pool.Work<T> work) {
        if (!open) {
            throw CoreException.failedPrecondition(doing + " failed: the transaction is over");
        }
        checkTime(doing, null);
        try {
            return lease.use(deadline, doing, work);
        } catch (CoreException e) {
            if (end != null && end.isExpired()) {
                checkTime(doing, e);
            }
            throw e;
        }
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
            store.schema().ensure(name, deadline); // on a connection of its own: it stays if this is undone
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
        if (!joined) {
            use(deadline, doing, session -> {
                session.connection().commit();
                return true;
            });
        }
        open = false;
        lease.close(false);
        if (wrote) {
            database.wakers().committed(store.name());
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
