package org.corestack.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The real surroundings of a controller: its threads, all named after it, and the JVM's clocks. */
final class ThreadHost implements Host {
    private final String name;
    private final Crew workers;
    private final Crew feeds;
    private final Crew alarms;
    private @Nullable Alarm alarm;

    ThreadHost(String name, int workers) {
        this.name = name;
        this.workers = Crew.bounded(name + "-worker-", workers);
        this.feeds = Crew.unbounded(name + "-source-");
        this.alarms = Crew.bounded(name + "-alarm-", 1);
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
        for (Crew crew : List.of(alarms, workers, feeds)) {
            try {
                crew.end(deadline);
            } catch (InterruptedException e) {
                interrupted = true; // The rest is told to end too, and the flag set again after that.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
