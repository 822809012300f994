package org.corestack.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits with a bound for what happens on another thread; in place of a library that has no module descriptor. */
final class Await {
    private static final Duration PAUSE = Duration.ofMillis(2);

    private Await() {}

    /** Returns once the condition holds; fails, saying what was waited for, if the time passes first. */
    static void until(String what, Duration patience, BooleanSupplier condition) {
        long until = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= until) {
                throw new AssertionError("waited for " + patience + ", but it did not come: " + what);
            }
            pause(PAUSE);
        }
    }

    /** Gives other threads the time. */
    static void pause(Duration time) {
        try {
            if (new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("a latch opened that nobody has");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the test was interrupted", e);
        }
    }
}
