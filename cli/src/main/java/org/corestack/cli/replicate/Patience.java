package org.corestack.cli.replicate;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Tries again what a database refuses for a while, as when its server is restarted. Not thread-safe.
 *
 * <p>What is tried must do no harm when it is done twice. Each success begins the time anew.
 */
final class Patience {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Duration bound;
    private final StopSign stop;
    private final Consumer<String> complaints;
    private long since;
    private Duration pause = FIRST;
    private @Nullable String told;

    /**
     * Patience without a failure so far.
     *
     * @param bound how long without any success
     * @param complaints hears of each trouble once
     */
    Patience(Duration bound, StopSign stop, Consumer<String> complaints) {
        this.bound = bound;
        this.stop = stop;
        this.complaints = complaints;
    }

    /**
     * What the work gives, as soon as it succeeds.
     *
     * @throws CoreException what it failed with, where another attempt can't help or the time is up
     */
    <T extends @Nullable Object> T until(Supplier<T> work) {
        while (true) {
            try {
                T done = work.get();
                succeeded();
                return done;
            } catch (CoreException e) {
                failed(e);
            }
        }
    }

    /** Something went well. */
    void succeeded() {
        since = 0;
        pause = FIRST;
        told = null;
    }

    /** Waits for a while after a failure, or throws it. */
    void failed(CoreException error) {
        failedMeanwhile(error);
        stop.pause(pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
    }

    /** Remembers a failure that is retried elsewhere; throws it where it can't be mended by that or the time is up. */
    void failedMeanwhile(CoreException error) {
        long now = System.nanoTime();
        if (since == 0) {
            since = now;
        }
        if (!canPass(error.code()) || now - since > bound.toNanos()) {
            throw error;
        }
        String message = error.getMessage();
        if (!message.equals(told)) {
            told = message;
            complaints.accept("tried again: " + message);
        }
    }

    private static boolean canPass(ErrorCode code) {
        return code.retryable() && code != ErrorCode.CANCELED;
    }
}
