package org.corestack.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The real surroundings of a controller: its threads, all named after it, and the JVM's clocks. */
final class ThreadHost implements Host {
    private final String name;
    private final ExecutorService workers;
    private final ExecutorService feeds;
    private final ExecutorService alarms;
    private @Nullable Alarm alarm;

    ThreadHost(String name, int workers) {
        this.name = name;
        this.workers = Threads.bounded(name + "-worker-", workers);
        this.feeds = Threads.unbounded(name + "-source-");
        this.alarms = Threads.bounded(name + "-alarm-", 1);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public void onAlarm(Runnable target) {
        Alarm created = new Alarm(target);
        alarm = created;
        alarms.execute(created);
    }

    @Override
    public void wakeAt(long nanos) {
        if (alarm != null) {
            alarm.wakeAt(nanos);
        }
    }

    @Override
    public void startWorker(Runnable worker) {
        workers.execute(worker);
    }

    @Override
    public void startFeed(Runnable feed) {
        feeds.execute(feed);
    }

    @Override
    public void startCloser(Runnable closer) {
        Thread thread = new Thread(closer, name + "-close");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void end(Duration bound) {
        if (alarm != null) {
            alarm.close();
        }
        long deadline = System.nanoTime() + bound.toNanos();
        boolean interrupted = false;
        for (ExecutorService executor : new ExecutorService[] {alarms, workers, feeds}) {
            executor.shutdown();
            interrupted |= !awaitEnd(executor, deadline);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says false if the wait was interrupted, which ends it. */
    private static boolean awaitEnd(ExecutorService executor, long deadline) {
        try {
            // What has not ended by then was reported as left; its thread ends when its task does.
            boolean ignored = executor.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            return false; // The caller restores the flag.
        }
    }
}
