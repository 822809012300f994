package org.corestack.store;

import java.time.Duration;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Whether a feed answers who reads it, on this process's monotonic clock. Thread-safe.
 *
 * <p>A peer that is gone without a word fails nothing: a read of it simply lasts. So it is not failures that count, but
 * the time since the first read that has got no answer.
 */
final class FeedPulse {
    /** A read gives an answer after a second even if nothing happens. */
    private static final Duration MOST = Duration.ofSeconds(5);

    // all guarded by this
    private boolean waiting;
    private long since;
    private @Nullable Throwable error;

    /** A read begins; at the time that is given back. */
    synchronized long begin() {
        long now = System.nanoTime();
        if (!waiting) {
            waiting = true;
            since = now;
        }
        return now;
    }

    /** A read got its answer, or nobody reads any more. */
    synchronized void end() {
        waiting = false;
        error = null;
    }

    /** A read failed, and will be tried again. */
    synchronized void failed(Throwable why) {
        error = why;
    }

    /**
     * Returns if all is well.
     *
     * @param what who reads, for the message
     * @throws CoreException UNAVAILABLE if there has been no answer for too long
     */
    synchronized void check(String what) {
        Duration silence = waiting ? Duration.ofNanos(System.nanoTime() - since) : Duration.ZERO;
        if (silence.compareTo(MOST) > 0) {
            throw new CoreException(
                    ErrorCode.UNAVAILABLE,
                    what + " has got no answer from the database for " + silence.toSeconds() + " s"
                            + (error == null ? "" : ", last as " + error.getMessage()),
                    error);
        }
    }
}
