package org.corestack.sqlite;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.sql.CommitSignal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writing connection of an engine. Thread-safe.
 *
 * <p>Whoever has something to write and finds the connection free does it there and then, with all that waits besides; the
 * others wait for that, or for a thread that does what is left over and tidies up. So a lone writer pays for no change of
 * threads, and many commit together.
 *
 * <p>The file's lock is taken first and only then what waits is claimed, so that a caller whose time is over while
 * another process holds the lock can still take its write back. What is claimed goes into one transaction,
 * each task in a savepoint, and is confirmed after the one commit for all, which waits for the disk.
 */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int MOST_AT_ONCE = 256;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final long LONGEST_REST_NANOS = Duration.ofMinutes(1).toNanos();

    private final SqliteFile file;
    private final FileIdentity identity;
    private final Catalog catalog;
    private final String fileId;
    private final String source;
    private final CommitSignal signal;
    private final WriteQueue queue = new WriteQueue();
    private final RandomGenerator nonces = new SplittableRandom(new SecureRandom().nextLong());
    private final LogTrim trim;
    private final WalBound wal;
    private final ExpirySweep expiry = new ExpirySweep();
    private final Thread thread;
    /** Held by who uses the connection; what trims and sweeps belongs to it too. Waiting for it would make callers late. */
    private final ReentrantLock working = new ReentrantLock();

    private volatile boolean abandoned;
    private @Nullable Session session; // guarded by working
    private @Nullable Database database; // set before the thread starts

    Writer(
            SqliteFile file,
            FileIdentity identity,
            Catalog catalog,
            String fileId,
            String source,
            CommitSignal signal,
            Duration retention) {
        this.file = file;
        this.identity = identity;
        this.catalog = catalog;
        this.fileId = fileId;
        this.source = source;
        this.signal = signal;
        this.trim = new LogTrim(retention);
        this.wal = new WalBound(file);
        this.thread = new Thread(this::run, "corestack-sqlite-writer");
        thread.setDaemon(true);
    }

    void start(Database whole) {
        database = whole;
        thread.start();
    }

    /** Has it look soon which documents are to expire. For a task. */
    void expiryMayHaveChanged() {
        expiry.lookSoon();
        queue.wake();
    }

    /** Has a task done, and waits for what comes of it. */
    <T> T write(WriteTask<T> task) {
        task.deadline().check(task.doing().toString());
        queue.add(task);
        if (working.tryLock()) {
            try {
                writeOnThisThread(task);
            } finally {
                working.unlock();
            }
            if (!queue.isEmpty()) {
                queue.wake();
            }
        } else {
            queue.wake();
        }
        return task.await();
    }

    /** As long as the caller waits for its own, and not until the others give up. */
    private void writeOnThisThread(WriteTask<?> own) {
        Patience patience =
                () -> abandoned || !own.isWanted() || Thread.currentThread().isInterrupted();
        if (patience.isOver()) {
            return;
        }
        try {
            writeBatch(patience);
        } catch (RuntimeException | Error e) {
            // Those whom it concerns have been told, the caller among them.
            LOG.error("the writer of {} met an error that is a mistake of ours; it goes on", file, e);
        }
    }

    private void run() {
        while (!queue.isDrained()) {
            try {
                boolean some = queue.awaitTask(rest());
                working.lock();
                try {
                    if (some && !queue.isEmpty()) {
                        writeBatch(() -> abandoned || !queue.isWanted());
                    }
                    tidy();
                } finally {
                    working.unlock();
                }
                if (!queue.isEmpty()) {
                    queue.wake();
                }
            } catch (InterruptedException e) {
                LOG.warn("the writer of {} was interrupted, which nothing does on purpose; it goes on", file);
            } catch (RuntimeException | Error e) {
                LOG.error("the writer of {} met an error that is a mistake of ours; it goes on", file, e);
            }
        }
        working.lock();
        try {
            drop();
        } finally {
            working.unlock();
        }
    }

    private long rest() {
        working.lock();
        try {
            return Math.min(LONGEST_REST_NANOS, Math.min(trim.nanosUntilDue(), expiry.nanosUntilDue()));
        } finally {
            working.unlock();
        }
    }

    private void writeBatch(Patience patience) {
        if (failWhereFileIsGone()) {
            return;
        }
        try {
            Session writing = begin(patience);
            commit(writing, queue.claim(MOST_AT_ONCE));
            wal.check(writing);
        } catch (SQLException e) {
            if (SqliteErrors.isImpatience(e) && !abandoned) {
                queue.dropUnwanted(); // their callers give up by themselves
                return;
            }
            for (WriteTask<?> task : queue.claim(Integer.MAX_VALUE)) {
                task.fail(SqliteErrors.translate(e, task.doing()));
            }
            drop();
        }
    }

    private boolean failWhereFileIsGone() {
        try {
            identity.check();
            return false;
        } catch (CoreException e) {
            queue.claim(Integer.MAX_VALUE).forEach(task -> task.fail(e));
            return true;
        }
    }

    private Session begin(Patience patience) throws SQLException {
        Session writing = session;
        if (writing == null) {
            writing = file.open(SqliteFile.Mode.WRITE, patience);
            session = writing;
        }
        writing.patience(patience);
        try {
            writing.run("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            writing.forget();
            throw e;
        }
        writing.patience(() -> false);
        return writing;
    }

    /** Does the tasks and ends the transaction. Every task is confirmed or failed after it. */
    private void commit(Session writing, List<WriteTask<?>> tasks) {
        Transaction transaction = new Transaction(writing, catalog, fileId, source, nonces);
        List<WriteTask<?>> pending = new ArrayList<>(tasks);
        try {
            for (WriteTask<?> task : tasks) {
                if (!runInSavepoint(transaction, task)) {
                    pending.remove(task);
                }
            }
            writing.run("COMMIT");
        } catch (SQLException e) {
            rollback(writing, e);
            retryOneByOne(pending, e);
            return;
        } catch (RuntimeException | Error e) {
            rollback(writing, e);
            pending.forEach(task -> task.fail(unexpected(task, e)));
            throw e;
        }
        if (transaction.committed()) {
            signal.fire();
        }
        pending.forEach(WriteTask::confirm);
    }

    /** Whether it was done; where not, it has been failed and nothing of it is left. */
    private static boolean runInSavepoint(Transaction transaction, WriteTask<?> task) throws SQLException {
        try {
            task.runIn(transaction);
            return true;
        } catch (RuntimeException e) {
            task.fail(e);
            return false;
        }
    }

    private static CoreException unexpected(WriteTask<?> task, Throwable error) {
        return new CoreException(ErrorCode.of(error), task.doing() + " failed: " + error, error);
    }

    private void rollback(Session writing, Throwable because) {
        writing.forget();
        try {
            writing.patience(() -> false);
            writing.run("ROLLBACK");
        } catch (SQLException e) {
            writing.forget();
            because.addSuppressed(e);
            if (SqliteErrors.number(e) != SqliteErrors.ERROR) { // which says that the transaction is over already
                drop();
            }
        }
    }

    /** What ended the transaction may be the fault of one task: the others are not to suffer for it. */
    private void retryOneByOne(List<WriteTask<?>> tasks, SQLException because) {
        if (tasks.size() == 1) {
            WriteTask<?> task = tasks.get(0);
            task.fail(SqliteErrors.translate(because, task.doing()));
            return;
        }
        for (WriteTask<?> task : tasks) {
            try {
                commit(begin(() -> abandoned || task.deadline().isExpired()), List.of(task));
            } catch (SQLException e) {
                task.fail(SqliteErrors.translate(e, task.doing()));
                drop();
            }
        }
    }

    private void tidy() {
        sweep();
        Session writing = session;
        try {
            if (writing != null) {
                trim.trim(writing);
            }
        } catch (SQLException e) {
            LOG.debug("the log of {} could not be trimmed now", file, e);
            if (!SqliteErrors.isImpatience(e)) {
                drop();
            }
        }
    }

    private void sweep() {
        try {
            for (WriteTask<Long> task : expiry.due(Objects.requireNonNull(database))) {
                identity.check();
                commit(begin(() -> abandoned || task.deadline().isExpired()), List.of(task));
                expiry.done(task.await());
            }
        } catch (SQLException e) {
            LOG.debug("expired documents of {} could not be deleted now", file, e);
            if (!SqliteErrors.isImpatience(e)) {
                drop();
            }
        } catch (CoreException e) {
            LOG.debug("expired documents of {} could not be deleted now", file, e);
        }
    }

    private void drop() {
        Session dropped = session;
        session = null;
        try {
            if (dropped != null) {
                dropped.close();
            }
        } catch (SQLException e) {
            LOG.warn("the writing connection to {} could not be closed", file, e);
        }
    }

    /** Refuses further tasks, and waits for those that are there. Idempotent. */
    @Override
    public void close() {
        queue.close();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
            abandoned = true;
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            abandoned = true;
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("the writer of {} is still busy", file);
        }
        CoreException closed = CoreException.failedPrecondition("the store client was closed before the write began");
        queue.claim(Integer.MAX_VALUE).forEach(task -> task.fail(closed));
    }
}
