package org.corestack.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/** Begins the callers' transactions, and ends those that outlive their deadlines or the engine. Thread-safe. */
final class Transactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final SqliteFile file;
    private final FileIdentity identity;
    private final Map<Thread, SqliteTransaction> open = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor deadlines;
    private final AtomicReference<@Nullable Session> idle = new AtomicReference<>();
    private volatile boolean closed;

    Transactions(SqliteFile file, FileIdentity identity) {
        this.file = file;
        this.identity = identity;
        this.deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "corestack-sqlite-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        deadlines.allowCoreThreadTimeOut(true);
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /** Begins one, once it has the file's lock. */
    SqliteTransaction begin(Database database, String store, Deadline deadline) {
        String doing = "beginning a transaction of " + store;
        refuseWithin(doing);
        if (closed) {
            throw CoreException.failedPrecondition(doing + " failed: the store client is closed");
        }
        identity.check();
        Session session = beginSession(deadline, doing);
        Thread thread = Thread.currentThread();
        AtomicReference<@Nullable ScheduledFuture<?>> alarm = new AtomicReference<>();
        SqliteTransaction transaction =
                new SqliteTransaction(database, store, session, writing(database, session), deadline, () -> {
                    open.remove(thread);
                    ScheduledFuture<?> set = alarm.get();
                    if (set != null) {
                        set.cancel(false);
                    }
                });
        open.put(thread, transaction);
        try {
            alarm.set(
                    deadlines.schedule(transaction::expire, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            LOG.debug("the store client was closed while a transaction began", e);
        }
        if (closed) { // and may not have seen this one
            transaction.abandon();
        }
        return transaction;
    }

    private Session beginSession(Deadline deadline, String doing) {
        Patience patience = () -> closed || Patience.until(deadline).isOver();
        Session session = idle.getAndSet(null);
        try {
            if (session == null) {
                session = file.open(SqliteFile.Mode.WRITE, patience);
            }
            session.patience(patience);
            session.run("BEGIN IMMEDIATE");
            return session;
        } catch (SQLException e) {
            if (session != null) {
                close(session);
            }
            if (closed) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION, doing + " failed: the store client is closed", e);
            }
            if (!SqliteErrors.isImpatience(e)) {
                throw SqliteErrors.translate(e, doing);
            }
            throw Thread.currentThread().isInterrupted()
                    ? new CoreException(ErrorCode.CANCELED, doing + " was interrupted", e)
                    : deadline.exceeded(doing, e);
        }
    }

    private static Transaction writing(Database database, Session session) {
        return new Transaction(
                session,
                database.catalog(),
                database.fileId(),
                database.source(),
                new SplittableRandom(new SecureRandom().nextLong()));
    }

    /** Uses the transaction of a caller's connection; empty where it is no connection of SQLite's. */
    Optional<SqliteTransaction> join(Database database, String store, Object handle) {
        try {
            if (!(handle instanceof Connection connection) || !connection.isWrapperFor(SQLiteConnection.class)) {
                return Optional.empty();
            }
            if (connection.isClosed()) {
                throw CoreException.failedPrecondition("the connection is closed; it must have an open transaction");
            }
            SQLiteConnection sqlite = connection.unwrap(SQLiteConnection.class);
            checkFile(sqlite);
            checkTransaction(sqlite);
            Session session = Session.joined(sqlite);
            return Optional.of(
                    new SqliteTransaction(database, store, session, writing(database, session), null, () -> {}));
        } catch (SQLException e) {
            throw SqliteErrors.translate(e, "joining a transaction on " + file);
        }
    }

    private void checkFile(SQLiteConnection connection) throws SQLException {
        Optional<Path> path = SqliteFile.of(connection);
        if (path.isEmpty() || !isSame(path.get())) {
            throw CoreException.invalidArgument("the connection is to "
                    + path.map(Path::toString).orElse("a database in memory") + ", not to " + file);
        }
    }

    private boolean isSame(Path other) {
        try {
            return Files.isSameFile(other, file.path());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * With auto-commit off the driver begins a transaction by itself before the first statement. Else only SQLite knows
     * whether one is open, and says so when asked to begin another.
     */
    private static void checkTransaction(SQLiteConnection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            return;
        }
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            if (SqliteErrors.number(e) == SqliteErrors.ERROR) {
                return;
            }
            throw e;
        }
        throw CoreException.failedPrecondition(
                "the connection has no open transaction: set auto-commit off, or run BEGIN IMMEDIATE, before");
    }

    /** Takes back the connection of a transaction of ours. */
    void finish(Session session, boolean committed) {
        session.forget();
        session.patience(() -> false);
        try {
            if (!committed) {
                session.run("ROLLBACK");
            }
            if (!closed && idle.compareAndSet(null, session)) {
                if (closed && idle.compareAndSet(session, null)) {
                    close(session);
                }
                return;
            }
        } catch (SQLException e) {
            LOG.debug("a transaction was over before it was rolled back", e);
        }
        close(session);
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.warn("the connection of a transaction could not be closed", e);
        }
    }

    /**
     * Refuses what this thread would wait for in vain: its own transaction holds the file's lock.
     *
     * @throws CoreException FAILED_PRECONDITION if it has one open
     */
    void refuseWithin(Object doing) {
        if (open.containsKey(Thread.currentThread())) {
            throw CoreException.failedPrecondition(doing + " would wait for the transaction that this thread has open;"
                    + " use the collections of that transaction, and no transaction within one");
        }
    }

    /** Undoes those that are open, and leaves no thread. Idempotent. */
    @Override
    public void close() {
        closed = true;
        List.copyOf(open.values()).forEach(SqliteTransaction::abandon);
        Session kept = idle.getAndSet(null);
        if (kept != null) {
            close(kept);
        }
        deadlines.shutdownNow();
        try {
            if (!deadlines.awaitTermination(IDLE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the watch over the transactions of {} is still busy", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends by itself
        }
    }
}
