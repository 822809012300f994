package org.corestack.mail;

import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which conversations run, one for each connection that is in use.
 *
 * <p>Platform threads on purpose: Angus holds a monitor while it waits for the server, which below JDK 24 would pin a
 * virtual thread to its carrier. And who sends must be able to stop waiting when its time is up, whatever the resolver, the
 * server or an attachment's stream does.
 */
final class Workers {
    private final ThreadPoolExecutor executor;

    Workers(MailConfig config) {
        AtomicInteger count = new AtomicInteger();
        // No bound of its own: a worker is only started with a lease in hand.
        executor = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> thread(config, Integer.toString(count.incrementAndGet()), task));
    }

    static Thread thread(MailConfig config, String name, Runnable task) {
        // Thread-locals of whoever happens to send first are none of its business.
        Thread thread = new Thread(null, task, "corestack-mail-" + config.host() + "-" + name, 0, false);
        // Who sends waits for it anyway; a forgotten client must not keep the process alive.
        thread.setDaemon(true);
        return thread;
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    void close(Duration bound) {
        executor.shutdown();
        try {
            executor.awaitTermination(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
