package org.corestack.reconcile;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads of one kind: virtual ones on JDK 21 and later, named daemons before, none of them kept for long when idle. The
 * virtual ones are reached by reflection, as the library runs on 17.
 */
final class Crew {
    private static final long IDLE_SECONDS = 10;

    private final ExecutorService executor;
    /** The platform threads that may be alive. */
    private final List<Thread> threads = new ArrayList<>();

    private final String prefix;
    private long number;

    /** At most so many threads at once; on virtual threads it is for the caller to keep to that. */
    static Crew bounded(String prefix, int most) {
        return new Crew(prefix, most);
    }

    /** As many threads as there are tasks. */
    static Crew unbounded(String prefix) {
        return new Crew(prefix, Integer.MAX_VALUE);
    }

    private Crew(String prefix, int most) {
        this.prefix = prefix;
        ExecutorService virtual = virtual(prefix);
        this.executor = virtual == null ? pool(most) : virtual;
    }

    /** Runs a task. Throws if there is no thread to be had, or after the end. */
    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Takes no more tasks, and waits until all threads are gone or the time of the monotonic clock has come. */
    void end(long deadline) throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            // Its owner has said which task is the reason; the thread ends when the task does.
            return;
        }
        for (Thread thread : copyOfThreads()) {
            // The last moments of a thread come after it left its pool.
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
        }
    }

    private ExecutorService pool(int most) {
        if (most == Integer.MAX_VALUE) {
            return new ThreadPoolExecutor(
                    0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::platform);
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::platform);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private synchronized Thread platform(Runnable task) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(task, prefix + number++);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    private synchronized List<Thread> copyOfThreads() {
        return List.copyOf(threads);
    }

    /** One virtual thread per task; null on a JDK that has none. */
    private static @Nullable ExecutorService virtual(String prefix) {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Object named = builder.getMethod("name", String.class, long.class)
                    .invoke(Thread.class.getMethod("ofVirtual").invoke(null), prefix, 0L);
            Object factory = builder.getMethod("factory").invoke(named);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("this JDK should have virtual threads, but they can't be reached", e);
        }
    }
}
