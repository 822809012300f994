package org.corestack.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections, lent for one piece of work each. Thread-safe.
 *
 * <p>The engine's own work, such as reading feeds, has some of its own, so that operations that wait for each other
 * don't hold it up.
 */
final class Pool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
    private static final int OWN = 3;
    /** How long the pool waits before it says why it has no connection; a deadline may be later. */
    private static final long PATIENCE_MILLIS = 1_000;

    private static final long CLOSE_MILLIS = 2_000;

    private final DataSource source;
    private final @Nullable HikariDataSource owned;
    private final Guard guard;
    private final int most;
    private final Semaphore permits;
    private final Semaphore ownPermits = new Semaphore(OWN);
    private final Map<PGConnection, Backend> backends = new WeakHashMap<>(); // guarded by itself
    private volatile boolean closed;

    /** What is done with a connection. */
    interface Work<T> {
        T with(Session session) throws SQLException;
    }

    /** What kind of work it is. */
    enum Use {
        /** Can be repeated where the connection was lost. */
        READ,
        /** What was lost may have been done. */
        WRITE,
        /** The engine's own, all of which can be repeated. */
        OWN
    }

    private Pool(DataSource source, @Nullable HikariDataSource owned, String name, int most) {
        this.source = source;
        this.owned = owned;
        this.most = most;
        this.permits = new Semaphore(most);
        this.guard = new Guard(name);
    }

    /** A pool of our own. */
    static Pool of(DataSource connections, String name, int most) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(new Connections(connections));
        config.setPoolName("corestack-pool-" + name);
        config.setMaximumPoolSize(most + OWN);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setValidationTimeout(PATIENCE_MILLIS);
        config.setInitializationFailTimeout(-1);
        HikariDataSource pool = new HikariDataSource(config);
        return new Pool(pool, pool, name, most);
    }

    /** The user's own source of connections, which it may pool or not, and whose settings are left alone. */
    static Pool adopt(DataSource connections, String name, int most) {
        return new Pool(connections, null, name, most);
    }

    /** Does reading work, a second time where the connection was lost. */
    <T> T read(Deadline deadline, Object doing, Work<T> work) {
        return run(Use.READ, deadline, doing, work);
    }

    /** Does one statement that writes. */
    <T> T write(Deadline deadline, Object doing, Work<T> work) {
        return run(Use.WRITE, deadline, doing, work);
    }

    /** Does reading work of the engine itself. */
    <T> T own(Deadline deadline, Object doing, Work<T> work) {
        return run(Use.OWN, deadline, doing, work);
    }

    /** Does work in one transaction. */
    <T> T inTransaction(Deadline deadline, Object doing, Work<T> work) {
        return run(Use.WRITE, deadline, doing, session -> transact(session, work));
    }

    /** Does work of the engine itself in one transaction. */
    <T> T inOwnTransaction(Deadline deadline, Object doing, Work<T> work) {
        return run(Use.OWN, deadline, doing, session -> transact(session, work));
    }

    private static <T> T transact(Session session, Work<T> work) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            T result = work.with(session);
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            session.rollback(e);
            throw e;
        }
    }

    private <T> T run(Use use, Deadline deadline, Object doing, Work<T> work) {
        Semaphore from = use == Use.OWN ? ownPermits : permits;
        acquire(from, deadline, doing);
        try {
            try {
                return once(deadline, doing, work);
            } catch (SQLException e) {
                CoreException failure = translate(use, e, deadline, doing);
                if (use == Use.WRITE || !PostgresErrors.isConnectionLost(e) || PostgresErrors.isSilence(e)) {
                    throw failure;
                }
            }
            return once(deadline, doing, work);
        } catch (SQLException e) {
            throw translate(use, e, deadline, doing);
        } finally {
            from.release();
        }
    }

    private void acquire(Semaphore from, Deadline deadline, Object doing) {
        checkOpen(doing);
        deadline.check(doing.toString());
        try {
            if (!from.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new CoreException(
                        ErrorCode.RESOURCE_EXHAUSTED,
                        doing + " got no connection within " + deadline.timeout() + ": all " + most
                                + " of the pool are in use; the URI's parameter pool gives it more");
            }
        } catch (InterruptedException e) {
            throw CoreException.interrupted(doing + " was interrupted", e);
        }
    }

    private void checkOpen(Object doing) {
        if (closed) {
            throw CoreException.failedPrecondition(doing + " failed: the store client is closed");
        }
    }

    private <T> T once(Deadline deadline, Object doing, Work<T> work) throws SQLException {
        Connection connection = connect(deadline, doing);
        try {
            return guarded(connection, deadline, doing, work);
        } finally {
            closeQuietly(connection);
        }
    }

    private <T> T guarded(Connection connection, Deadline deadline, Object doing, Work<T> work) throws SQLException {
        PGConnection pg = connection.unwrap(PGConnection.class);
        Guard.Operation operation = guard.begin(pg, deadline);
        try {
            return work.with(new Session(connection, backend(pg), owned != null, deadline, doing));
        } finally {
            if (operation.end()) {
                evict(connection);
            }
        }
    }

    private void evict(Connection connection) throws SQLException {
        if (owned != null) {
            owned.evictConnection(connection);
        } else {
            connection.abort(Runnable::run);
        }
    }

    /** Lends a connection for a transaction of several operations, which {@link Lease#close} gives back. */
    Lease lease(Deadline deadline, Object doing) {
        acquire(permits, deadline, doing);
        Connection connection = null;
        try {
            connection = connect(deadline, doing);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Lease lease = new Lease(connection, true);
            lease.use(deadline, doing, session -> {
                // Whatever its caller does, it does not hold its locks and its connection for longer.
                long left = Math.max(1, deadline.remaining().toMillis());
                return session.update(
                        "SET LOCAL idle_in_transaction_session_timeout = " + Math.min(left, 2_000_000_000));
            });
            return lease;
        } catch (SQLException | RuntimeException e) {
            permits.release();
            closeQuietly(connection);
            throw e instanceof SQLException sql ? translate(Use.READ, sql, deadline, doing) : (RuntimeException) e;
        }
    }

    /** Uses the caller's own connection. */
    Lease join(Connection connection) {
        return new Lease(connection, false);
    }

    /** What was done is done: a connection that can't be given back, having been evicted or broken, changes nothing. */
    private static void closeQuietly(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be given back", e);
        }
    }

    /** A connection in a transaction. One thread at a time. */
    final class Lease {
        private final Connection connection;
        private final boolean lent;

        private Lease(Connection connection, boolean lent) {
            this.connection = connection;
            this.lent = lent;
        }

        <T> T use(Deadline deadline, Object doing, Work<T> work) {
            checkOpen(doing);
            if (Thread.currentThread().isInterrupted()) {
                throw CoreException.interrupted(doing + " was interrupted", new InterruptedException());
            }
            try {
                if (lent) {
                    return guarded(connection, deadline, doing, work);
                }
                return work.with(new Session(connection, new Backend(), false, deadline, doing));
            } catch (SQLException e) {
                throw translate(Use.WRITE, e, deadline, doing);
            }
        }

        /** Gives it back, if it was lent. */
        void close(boolean rollback) {
            if (!lent) {
                return;
            }
            try {
                if (rollback) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                backend(connection.unwrap(PGConnection.class)).forgetLimit();
            } catch (SQLException | RuntimeException e) {
                LOG.debug("a transaction was over before it was rolled back", e);
            } finally {
                closeQuietly(connection);
                permits.release();
            }
        }
    }

    private Connection connect(Deadline deadline, Object doing) throws SQLException {
        while (true) {
            checkOpen(doing);
            try {
                return source.getConnection();
            } catch (SQLTransientConnectionException e) {
                if (e.getCause() instanceof SQLException cause) {
                    throw cause;
                }
                deadline.check(doing.toString());
            }
        }
    }

    private Backend backend(PGConnection connection) {
        synchronized (backends) {
            return backends.computeIfAbsent(connection, unknown -> new Backend());
        }
    }

    private CoreException translate(Use use, SQLException e, Deadline deadline, Object doing) {
        boolean lost = PostgresErrors.isConnectionLost(e);
        if (lost) {
            evictIdle();
        }
        String outcome = use == Use.WRITE && lost ? "; whether it was done is not known" : "";
        if (closed) {
            return new CoreException(
                    ErrorCode.FAILED_PRECONDITION, doing + " failed: the store client is closed" + outcome, e);
        }
        if (Thread.currentThread().isInterrupted()) {
            return new CoreException(ErrorCode.CANCELED, doing + " was interrupted" + outcome, e);
        }
        if (PostgresErrors.isSilence(e) || (PostgresErrors.isCanceled(e) && deadline.isExpired())) {
            return new CoreException(
                    ErrorCode.DEADLINE_EXCEEDED, doing + " took longer than " + deadline.timeout() + outcome, e);
        }
        return PostgresErrors.translate(e, doing, outcome);
    }

    /** What ended one connection has often ended all: the next operation should not find out one by one. */
    private void evictIdle() {
        if (!closed && owned != null) {
            owned.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** Refuses further work, waits a little for what is in flight, then cancels it. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!await(permits, most) || !await(ownPermits, OWN)) {
            guard.cancelAll();
            await(permits, most);
        }
        if (owned != null) {
            owned.close();
        }
        guard.close();
    }

    private static boolean await(Semaphore all, int count) {
        try {
            if (all.tryAcquire(count, CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                all.release(count); // so that those who come late hear that it is closed
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then there is no time to wait
        }
        return false;
    }
}
