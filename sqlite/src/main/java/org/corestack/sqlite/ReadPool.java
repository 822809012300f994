package org.corestack.sqlite;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few connections that only read, lent for one short read each. Thread-safe. */
final class ReadPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadPool.class);
    private static final int MOST = 8;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SqliteFile file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Session> idle = new ArrayDeque<>(); // guarded by lock
    private int lent; // guarded by lock
    private volatile boolean closed;

    /** What is done with a connection. */
    interface Read<T> {
        T from(Session session) throws SQLException;
    }

    ReadPool(SqliteFile file) {
        this.file = file;
    }

    /** Reads. Each statement sees the file as it is then. */
    <T> T read(Deadline deadline, Object doing, Read<T> read) {
        Session session = borrow(deadline, doing);
        boolean sound = false;
        try {
            session.patience(() -> closed || Patience.until(deadline).isOver());
            T result = read.from(session);
            sound = true;
            return result;
        } catch (SQLException e) {
            sound = !SqliteErrors.isFatal(e);
            session.forget();
            throw translate(e, deadline, doing);
        } finally {
            giveBack(session, sound);
        }
    }

    /** Reads at one moment: all statements see the same state of the file. */
    <T> T readAtOnce(Deadline deadline, Object doing, Read<T> read) {
        return read(deadline, doing, session -> {
            session.run("BEGIN");
            try {
                T result = read.from(session);
                session.run("COMMIT");
                return result;
            } catch (SQLException | RuntimeException e) {
                session.forget();
                rollback(session, e);
                throw e;
            }
        });
    }

    private static void rollback(Session session, Exception because) {
        try {
            session.patience(() -> false);
            session.run("ROLLBACK");
        } catch (SQLException e) {
            because.addSuppressed(e); // some errors have ended the transaction already
        }
    }

    private CoreException translate(SQLException e, Deadline deadline, Object doing) {
        if (closed) {
            return new CoreException(ErrorCode.FAILED_PRECONDITION, doing + " failed: the store client is closed", e);
        }
        if (SqliteErrors.isImpatience(e)) {
            return Thread.currentThread().isInterrupted()
                    ? new CoreException(ErrorCode.CANCELED, doing + " was interrupted", e)
                    : deadline.exceeded(doing.toString(), e);
        }
        return SqliteErrors.translate(e, doing);
    }

    private Session borrow(Deadline deadline, Object doing) {
        try {
            @Nullable Session session = take(deadline, doing);
            return session != null ? session : open(deadline, doing);
        } catch (InterruptedException e) {
            throw CoreException.interrupted(doing + " was interrupted", e);
        }
    }

    /** An idle connection; null where a new one is to be opened, which counts as lent already. */
    private @Nullable Session take(Deadline deadline, Object doing) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw CoreException.failedPrecondition(doing + " failed: the store client is closed");
                }
                deadline.check(doing.toString());
                if (!idle.isEmpty() || lent < MOST) {
                    lent++;
                    return idle.pollLast();
                }
                changed.awaitNanos(deadline.remaining().toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    private Session open(Deadline deadline, Object doing) {
        Session session = null;
        try {
            session = file.open(
                    SqliteFile.Mode.READ,
                    () -> closed || Patience.until(deadline).isOver());
            return session;
        } catch (SQLException e) {
            throw translate(e, deadline, doing);
        } finally {
            if (session == null) {
                giveBack(null, false);
            }
        }
    }

    private void giveBack(@Nullable Session session, boolean sound) {
        boolean keep;
        lock.lock();
        try {
            lent--;
            keep = sound && !closed;
            if (keep && session != null) {
                idle.addLast(session);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!keep && session != null) {
            close(session);
        }
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.warn("a reading connection could not be closed", e);
        }
    }

    /** Refuses further reads, ends those that run, and waits a little for them. Idempotent. */
    @Override
    public void close() {
        long left = CLOSE_NANOS;
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (lent > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the reads end by themselves
        } finally {
            lock.unlock();
        }
        for (Session session = poll(); session != null; session = poll()) {
            close(session);
        }
    }

    private @Nullable Session poll() {
        lock.lock();
        try {
            return idle.poll();
        } finally {
            lock.unlock();
        }
    }
}
