package org.corestack.store.spi;

import java.time.Duration;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A moment on this process's monotonic clock by which something must be done. Immutable. */
public final class Deadline {
    private final long at;
    private final Duration timeout;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
        this.at = System.nanoTime() + timeout.toNanos();
    }

    /**
     * The moment a timeout from now.
     *
     * @param timeout positive, at most a hundred years
     * @throws CoreException INVALID_ARGUMENT if it is not
     */
    public static Deadline in(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the timeout is " + timeout + "; it must be positive and at most a hundred years");
        }
        return new Deadline(timeout);
    }

    /** The time left, zero once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, at - System.nanoTime()));
    }

    /** Whether it has passed. */
    public boolean isExpired() {
        return System.nanoTime() - at >= 0;
    }

    /** The timeout it was made of, for messages. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Returns if it has not passed.
     *
     * @param what what was being done, for the message
     * @throws CoreException DEADLINE_EXCEEDED if it has
     */
    public void check(String what) {
        if (isExpired()) {
            throw exceeded(what, null);
        }
    }

    /** The error that says it has passed. */
    public CoreException exceeded(String what, @Nullable Throwable cause) {
        return new CoreException(ErrorCode.DEADLINE_EXCEEDED, what + " took longer than " + timeout, cause);
    }
}
