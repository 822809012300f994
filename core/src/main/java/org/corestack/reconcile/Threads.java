package org.corestack.reconcile;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where threads come from: virtual ones on JDK 21 and later, named daemons before. The virtual ones are reached by
 * reflection, as the library runs on 17.
 */
final class Threads {
    private static final long IDLE_SECONDS = 10;

    private Threads() {}

    /** At most so many at once, none kept for long when idle. */
    static ExecutorService bounded(String prefix, int threads) {
        ExecutorService virtual = virtual(prefix);
        if (virtual != null) {
            return virtual;
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), platform(prefix));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** As many as there are tasks, none kept for long when idle. */
    static ExecutorService unbounded(String prefix) {
        ExecutorService virtual = virtual(prefix);
        if (virtual != null) {
            return virtual;
        }
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), platform(prefix));
    }

    private static ThreadFactory platform(String prefix) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, prefix + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
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
