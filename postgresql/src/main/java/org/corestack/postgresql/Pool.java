package org.corestack.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The connections, lent for one piece of work each. Thread-safe.
 *
 * <p>The engine's own work, such as reading feeds, has some of its own, so that operations that wait for each other
 * don't hold it up.
 */
final class Pool implements AutoCloseable {
    private static final int OWN = 3;
    /** How long the pool waits before it says why it has no connection; a deadline may be later. */
    private static final long PATIENCE_MILLIS = 1_000;

    private static final long CLOSE_MILLIS = 2_000;
    private static final long MOST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final DataSource source;
    private final @Nullable HikariDataSource owned;
    private final Guard guard;
    private final int most;
    private final Semaphore permits;
    private final Semaphore ownPermits = new Semaphore(OWN, true);
    private final Semaphore patience = new Semaphore(1);
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
        OWN,
        /** Part of a transaction that goes on. */
        TRANSACTION
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

    /** The user's own source of connections, which it may pool or not; they are given back as they came. */
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

    /** The right to do the engine's own work for minutes: as only one has it, connections are left for the rest. */
    Semaphore patience() {
        return patience;
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
        session.begin();
        try {
            T result = work.with(session);
            session.commit();
            session.connection().setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            session.rollback(e);
            throw e;
        }
    }

    /** What lost against another was rolled back, whatever it is, and is done again until the deadline. */
    private <T> T run(Use use, Deadline deadline, Object doing, Work<T> work) {
        Semaphore from = use == Use.OWN ? ownPermits : permits;
        acquire(from, deadline, doing);
        try {
            boolean repeatable = use != Use.WRITE;
            while (true) {
                try {
                    return once(use, deadline, doing, work);
                } catch (CoreException e) {
                    boolean defeat = PostgresErrors.isDefeat(e);
                    if (!defeat && !(repeatable && PostgresErrors.isLoss(e))) {
                        throw e;
                    }
                    repeatable &= defeat;
                    pause(defeat, deadline, doing);
                }
            }
        } finally {
            from.release();
        }
    }

    private static void pause(boolean defeat, Deadline deadline, Object doing) {
        if (defeat) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MOST_PAUSE_NANOS));
        }
        if (Thread.currentThread().isInterrupted()) {
            throw CoreException.interrupted(doing + " was interrupted", new InterruptedException());
        }
        deadline.check(doing.toString());
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

    void checkOpen(Object doing) {
        if (closed) {
            throw CoreException.failedPrecondition(doing + " failed: the store client is closed");
        }
    }

    private <T> T once(Use use, Deadline deadline, Object doing, Work<T> work) {
        try (Borrowed borrowed = connect(deadline, doing)) {
            return guarded(use, borrowed, deadline, doing, work);
        }
    }

    /** Does work on a connection, and gives the connection up where the server had to be asked to cancel. */
    <T> T guarded(Use use, Borrowed borrowed, Deadline deadline, Object doing, Work<T> work) {
        boolean inDoubt = false;
        try {
            PGConnection driver = borrowed.driver();
            Session session = new Session(borrowed.connection(), backend(driver), borrowed.bound(), deadline, doing);
            Guard.Operation operation = guard.begin(driver, deadline);
            try {
                return work.with(use == Use.TRANSACTION ? session.inTransaction() : session);
            } finally {
                inDoubt = session.isInDoubt() && (use == Use.WRITE || use == Use.TRANSACTION);
                if (operation.end()) {
                    borrowed.abandon(owned);
                }
            }
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLost(e)) {
                borrowed.abandon(owned);
            }
            throw translate(e, inDoubt, deadline, doing);
        }
    }

    /** Lends a connection for a transaction of several operations, which {@link Lease#close} gives back. */
    Lease lease(Deadline deadline, Object doing) {
        acquire(permits, deadline, doing);
        Borrowed borrowed;
        try {
            borrowed = connect(deadline, doing);
        } catch (RuntimeException e) {
            permits.release();
            throw e;
        }
        try {
            Lease lease = new Lease.Lent(this, borrowed);
            lease.use(deadline, doing, session -> {
                session.begin();
                // Whatever its caller does, it does not hold its locks and its connection for longer.
                long left = Math.max(1, deadline.remaining().toMillis());
                return session.update("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;"
                        + " SET LOCAL idle_in_transaction_session_timeout = " + Math.min(left, 2_000_000_000));
            });
            return lease;
        } catch (RuntimeException e) {
            giveBack(borrowed);
            throw e;
        }
    }

    /** Takes back what was leased. */
    void giveBack(Borrowed borrowed) {
        borrowed.close();
        permits.release();
    }

    /** Uses the caller's own connection. */
    Lease join(Connection connection) {
        return new Lease.Joined(this, connection);
    }

    private Borrowed connect(Deadline deadline, Object doing) {
        try {
            Connection connection = open(deadline, doing);
            try {
                return new Borrowed(connection, owned != null);
            } catch (SQLException e) {
                Borrowed.closeQuietly(connection);
                throw e;
            }
        } catch (SQLException e) {
            throw translate(e, false, deadline, doing);
        }
    }

    private Connection open(Deadline deadline, Object doing) throws SQLException {
        while (true) {
            checkOpen(doing);
            try {
                return source.getConnection();
            } catch (SQLTransientConnectionException e) {
                if (e.getCause() instanceof SQLException cause) {
                    throw cause;
                }
                if (owned != null) {
                    deadline.check(doing.toString());
                } else if (deadline.isExpired()) {
                    throw new CoreException(
                            ErrorCode.RESOURCE_EXHAUSTED,
                            doing + " got no connection within " + deadline.timeout() + ": " + e.getMessage(),
                            e);
                }
            }
        }
    }

    Backend backend(PGConnection connection) {
        synchronized (backends) {
            return backends.computeIfAbsent(connection, unknown -> new Backend());
        }
    }

    /**
     * The error in our terms.
     *
     * @param inDoubt whether something was sent that takes effect by itself, and not answered
     */
    CoreException translate(SQLException e, boolean inDoubt, Deadline deadline, Object doing) {
        boolean lost = PostgresErrors.isConnectionLost(e);
        if (lost) {
            evictIdle();
        }
        CoreException error = translate(e, deadline, doing);
        return inDoubt && lost && !PostgresErrors.isEndOfIdleness(e)
                ? CoreException.ofUnknownOutcome(error.code(), error.getMessage(), error.getCause())
                : error;
    }

    private CoreException translate(SQLException e, Deadline deadline, Object doing) {
        if (closed) {
            return new CoreException(ErrorCode.FAILED_PRECONDITION, doing + " failed: the store client is closed", e);
        }
        if (Thread.currentThread().isInterrupted()) {
            return new CoreException(ErrorCode.CANCELED, doing + " was interrupted", e);
        }
        if (PostgresErrors.isSilence(e) || (PostgresErrors.isCanceled(e) && deadline.isExpired())) {
            return deadline.exceeded(doing.toString(), e);
        }
        return PostgresErrors.translate(e, doing);
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
