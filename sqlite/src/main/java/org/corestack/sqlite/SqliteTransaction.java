package org.corestack.sqlite;

import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of a caller: of ours, on a connection of its own, or joined, on the caller's.
 *
 * <p>One of ours holds the file's lock from its beginning, so that nothing it has seen can change; everybody else's writes
 * wait for it as for another process. It ends at its deadline whatever its caller does.
 */
final class SqliteTransaction implements EngineTransaction, Access {
    private enum State {
        OPEN,
        COMMITTED,
        ROLLED_BACK,
        /** Rolled back because its time was over. */
        EXPIRED,
        /** Rolled back by SQLite itself, or by the closing of the client. */
        BROKEN
    }

    private final Database database;
    private final String store;
    private final Session session;
    private final Transaction transaction;
    private final boolean joined;
    private final @Nullable Deadline deadline;
    private final Runnable ended;
    /** Held while a statement runs: whoever ends it from another thread waits for that, and it is told to hurry. */
    private final ReentrantLock lock = new ReentrantLock();

    private State state = State.OPEN; // guarded by lock
    private volatile boolean hurry;

    /**
     * An open transaction.
     *
     * @param deadline when it ends, null where that is the caller's affair
     * @param ended is run once, when it is over
     */
    SqliteTransaction(
            Database database,
            String store,
            Session session,
            Transaction transaction,
            @Nullable Deadline deadline,
            Runnable ended) {
        this.database = database;
        this.store = store;
        this.session = session;
        this.transaction = transaction;
        this.joined = deadline == null;
        this.deadline = deadline;
        this.ended = ended;
    }

    @Override
    public EngineCollection collection(String name) {
        return new SqliteCollection(
                database, this, new CollectionName(store, name), new SqliteChanges(database, store));
    }

    @Override
    public <T> T read(Deadline until, Object doing, ReadPool.Read<T> read) {
        return use(until, doing, () -> read.from(session));
    }

    @Override
    public <T> T readAtOnce(Deadline until, Object doing, ReadPool.Read<T> read) {
        return read(until, doing, read); // nobody else can write meanwhile
    }

    @Override
    public <T> T write(Deadline until, Object doing, WriteTask.Work<T> work) {
        return use(until, doing, () -> transaction.inSavepoint("task", doing, work));
    }

    private interface Use<T> {
        T run() throws SQLException;
    }

    private <T> T use(Deadline until, Object doing, Use<T> use) {
        lock.lock();
        try {
            checkOpen(doing);
            session.patience(() -> hurry || Patience.until(until).isOver());
            return use.run();
        } catch (SQLException e) {
            session.forget();
            throw failed(e, until, doing);
        } finally {
            session.patience(() -> false);
            lock.unlock();
        }
    }

    private void checkOpen(Object doing) {
        if (state == State.OPEN && deadline != null && deadline.isExpired()) {
            end(State.EXPIRED);
        }
        switch (state) {
            case OPEN -> {}
            case EXPIRED -> throw expired(doing + " failed, as the transaction", null);
            case BROKEN ->
                throw CoreException.failedPrecondition(
                        doing + " failed: the transaction was rolled back after an error, or the client is closed");
            default -> throw CoreException.failedPrecondition(doing + " failed: the transaction is over");
        }
    }

    private CoreException expired(String what, @Nullable Throwable cause) {
        return new CoreException(
                ErrorCode.DEADLINE_EXCEEDED,
                what + " was rolled back when its time was over"
                        + (deadline == null ? "" : ", after " + deadline.timeout()),
                cause);
    }

    /** SQLite has rolled back what it could not do in part: then nothing may be written as if it were a whole. */
    private CoreException failed(SQLException e, Deadline until, Object doing) {
        if (!SqliteErrors.endsTransaction(e)) {
            return SqliteErrors.translate(e, doing);
        }
        if (joined) {
            state = State.BROKEN;
            return SqliteErrors.translate(e, doing);
        }
        boolean over = hurry || (deadline != null && deadline.isExpired());
        end(over ? State.EXPIRED : State.BROKEN);
        if (!SqliteErrors.isImpatience(e)) {
            return SqliteErrors.translate(e, doing);
        }
        if (Thread.currentThread().isInterrupted()) {
            return new CoreException(ErrorCode.CANCELED, doing + " was interrupted and its transaction undone", e);
        }
        return over ? expired(doing + " failed, as the transaction", e) : until.exceeded(doing.toString(), e);
    }

    @Override
    public void commit(Deadline until) {
        String doing = "the commit of a transaction of " + store;
        lock.lock();
        try {
            checkOpen(doing);
            if (joined) {
                end(State.COMMITTED);
                return;
            }
            session.patience(() -> false);
            session.run("COMMIT");
            new WalBound(database.file()).check(session);
            end(State.COMMITTED);
        } catch (SQLException e) {
            end(State.BROKEN);
            throw SqliteErrors.translate(e, doing);
        } finally {
            lock.unlock();
        }
    }

    /** Another's write can't have come between: it has held the lock since it began. */
    @Override
    public boolean canRetry(RuntimeException failure) {
        return false;
    }

    @Override
    public void close() {
        end(State.ROLLED_BACK);
    }

    /** Undoes it from another thread: its time is over. */
    void expire() {
        end(State.EXPIRED);
    }

    /** Undoes it from another thread: the client is closed. */
    void abandon() {
        end(State.BROKEN);
    }

    private void end(State how) {
        hurry = how != State.COMMITTED;
        lock.lock();
        try {
            if (state != State.OPEN) {
                return;
            }
            state = how;
            if (how == State.COMMITTED && !joined && transaction.committed()) {
                database.signal().fire();
            }
            if (joined) {
                session.forget();
            } else {
                database.transactions().finish(session, how == State.COMMITTED);
            }
        } finally {
            lock.unlock();
        }
        ended.run();
    }
}
