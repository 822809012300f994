package org.corestack.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Something to be done by the writer, and the caller's wait for it.
 *
 * <p>It is WAITING until either the writer claims it or the caller gives up, whoever is first: given up, it
 * has certainly not been done; claimed, the caller waits for what comes of it.
 */
final class WriteTask<T> {
    /** How long a caller whose deadline has passed still waits to learn what came of a claimed task. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private enum State {
        WAITING,
        CLAIMED,
        GIVEN_UP
    }

    /** What is done, within the writer's transaction and a savepoint of its own. */
    interface Work<T> {
        T in(Transaction transaction) throws SQLException;
    }

    private final Object doing;
    private final Deadline deadline;
    private final Work<T> work;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable T result; // written before done is counted down
    private @Nullable RuntimeException failure; // written before done is counted down

    WriteTask(Object doing, Deadline deadline, Work<T> work) {
        this.doing = doing;
        this.deadline = deadline;
        this.work = work;
    }

    /** What it does, for messages. */
    Object doing() {
        return doing;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Whether it is still worth waiting for the file's lock for it. */
    boolean isWanted() {
        return state.get() == State.WAITING && !deadline.isExpired();
    }

    /** Takes it for the writer; false where the caller has given up. */
    boolean claim() {
        return state.compareAndSet(State.WAITING, State.CLAIMED);
    }

    /** Does it; to be followed by {@link #confirm} or {@link #fail}. */
    void runIn(Transaction transaction) throws SQLException {
        result = transaction.inSavepoint("task", doing, work);
    }

    /** Tells the caller that it is done for good. */
    void confirm() {
        done.countDown();
    }

    /** Tells the caller that it has not been done. */
    void fail(RuntimeException why) {
        failure = why;
        done.countDown();
    }

    /** Waits for the result. */
    T await() {
        try {
            if (done.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return outcome();
            }
            if (giveUp()) {
                throw deadline.exceeded(doing + " was not begun and nothing was written, as it", null);
            }
            return awaitClaimed(GRACE.toNanos());
        } catch (InterruptedException e) {
            if (giveUp()) {
                throw CoreException.interrupted(doing + " was interrupted; nothing was written", e);
            }
            try {
                return awaitClaimed(GRACE.toNanos());
            } finally {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean giveUp() {
        return state.compareAndSet(State.WAITING, State.GIVEN_UP);
    }

    private T awaitClaimed(long nanos) {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return outcome();
                    }
                    throw CoreException.ofUnknownOutcome(
                            ErrorCode.DEADLINE_EXCEEDED,
                            doing + " took longer than " + deadline.timeout() + " and is still under way",
                            null);
                } catch (InterruptedException e) {
                    interrupted = true; // the write is under way: what comes of it matters more
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @SuppressWarnings("NullAway") // the result is there unless there is a failure
    private T outcome() {
        RuntimeException why = failure;
        if (why == null) {
            return result;
        }
        if (why instanceof CoreException core) {
            throw CoreException.wrap(core.getMessage(), core); // with this thread's stack
        }
        throw new CoreException(ErrorCode.of(why), doing + " failed: " + why, why);
    }
}
