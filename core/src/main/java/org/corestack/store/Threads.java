package org.corestack.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends threads. */
final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    /**
     * Waits for threads to end, the current one excepted; interrupts those that are left after the bound and waits a second
     * more, then says which are left.
     */
    static void joinWithin(Collection<Thread> threads, Duration bound) {
        List<Thread> left = new ArrayList<>(threads);
        left.remove(Thread.currentThread());
        boolean interrupted = join(left, bound);
        left.forEach(Thread::interrupt);
        interrupted |= join(left, Duration.ofSeconds(1));
        left.forEach(thread -> LOG.warn("the thread {} did not end within {}", thread.getName(), bound));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes those out that end within the bound; whether an interrupt cut it short, which closing goes on after. */
    private static boolean join(List<Thread> threads, Duration bound) {
        long until = System.nanoTime() + bound.toNanos();
        boolean interrupted = false;
        for (Iterator<Thread> all = threads.iterator(); all.hasNext(); ) {
            Thread thread = all.next();
            for (long left = 1; thread.isAlive() && left > 0; ) {
                left = Math.max(0, (until - System.nanoTime()) / 1_000_000);
                try {
                    thread.join(Math.max(1, left));
                } catch (InterruptedException e) {
                    interrupted = true;
                    until = System.nanoTime();
                }
            }
            if (!thread.isAlive()) {
                all.remove();
            }
        }
        return interrupted;
    }
}
