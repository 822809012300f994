package org.corestack.store;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends threads. */
final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    /** Waits for a thread to end; interrupts it after the bound and waits a second more, then says what is left. */
    static void joinWithin(Thread thread, Duration bound) {
        boolean interrupted = false;
        boolean ended = false;
        for (int round = 0; round < 2 && !ended; round++) {
            long until = System.nanoTime() + (round == 0 ? bound : Duration.ofSeconds(1)).toNanos();
            for (long left = 1; thread.isAlive() && left > 0; ) {
                left = Math.max(0, (until - System.nanoTime()) / 1_000_000);
                try {
                    thread.join(Math.max(1, left));
                } catch (InterruptedException e) {
                    interrupted = true; // closing goes on; the caller sees its flag afterwards
                    until = System.nanoTime();
                }
            }
            ended = !thread.isAlive();
            if (!ended) {
                thread.interrupt();
            }
        }
        if (!ended) {
            LOG.warn("the thread {} did not end within {}", thread.getName(), bound);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
