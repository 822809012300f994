package org.corestack.cli.replicate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.corestack.errors.CoreException;

/** Asks a run to end at the next good moment, and waits for that. Thread-safe. */
final class StopSign {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The run was asked to end. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Goes on, unless it was asked to end. */
    void check() {
        if (asked.getCount() == 0) {
            throw new Stopped();
        }
    }

    /** Waits, unless or until it is asked to end. */
    void pause(Duration time) {
        try {
            if (asked.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Stopped();
            }
        } catch (InterruptedException e) {
            throw CoreException.interrupted("the copy was interrupted", e);
        }
    }

    /** Asks the run to end, and waits until it has, within a bound. */
    void stop() {
        asked.countDown();
        try {
            if (!ended.await(WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
                return; // what was not saved is done again by the next run
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run has ended. */
    void ended() {
        ended.countDown();
    }
}
