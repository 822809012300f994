package org.corestack.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The surroundings of a controller under simulated time: one thread plays workers, sources and the alarm, in an order that
 * chance decides, so that a run can be repeated from its seed.
 */
final class SimulatedHost implements Host {
    /** More than any honest controller looks at the clock without time passing, or is woken in one stretch of time. */
    private static final int HOT = 2_000_000;

    /** Near the overflow of the monotonic clock, where code that compares instead of subtracting fails. */
    private long now = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private final RandomGenerator random;
    private final List<Runnable> tasks = new ArrayList<>();
    private Runnable alarm = () -> {};
    private boolean armed;
    private long at;
    private boolean inline;
    private int refused;
    private int readings;
    private Duration perReading = Duration.ZERO;

    SimulatedHost(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public long nanos() {
        if (++readings > HOT) {
            throw new AssertionError("the controller runs hot");
        }
        now += perReading.toNanos();
        return now;
    }

    /** From now on time goes on with each look at the clock. */
    void passWithEachReading(Duration time) {
        perReading = time;
    }

    /** The next so many threads can't be had. */
    void refuse(int threads) {
        refused = threads;
    }

    /** From now on tasks are done at once, as nobody will come back to do them: for the close. */
    void beginInline() {
        inline = true;
    }

    @Override
    public Instant instant() {
        return wall;
    }

    /** The wall clock jumps, the monotonic one does not. */
    void stepWallClock(Duration by) {
        wall = wall.plus(by);
    }

    @Override
    public void onAlarm(Runnable target) {
        alarm = target;
    }

    @Override
    public void wakeAt(long nanos) {
        if (!armed || nanos - at < 0) {
            armed = true;
            at = nanos;
        }
    }

    @Override
    public void startWorker(Runnable worker) {
        start(worker);
    }

    @Override
    public void startFeed(Runnable feed) {
        start(feed);
    }

    @Override
    public void startCloser(Runnable closer) {
        start(closer);
    }

    @Override
    public void end(Duration bound) {
        armed = false;
    }

    /** Does all that can be done without time passing. */
    void drain() {
        while (true) {
            if (armed && at - now <= 0) {
                armed = false;
                alarm.run();
            } else if (!tasks.isEmpty()) {
                tasks.remove(random.nextInt(tasks.size())).run();
            } else {
                return;
            }
        }
    }

    /** Lets time pass, and does what becomes due, each at its time. */
    void advance(Duration by) {
        long until = now + by.toNanos();
        readings = 0;
        drain();
        while (armed && at - until <= 0) {
            pass(at);
            drain();
        }
        pass(until);
    }

    /** From inside of a reconcile: its work takes time, during which nothing else happens. */
    void spend(Duration time) {
        pass(now + time.toNanos());
    }

    private void start(Runnable task) {
        if (refused > 0) {
            refused--;
            throw new OutOfMemoryError("no more threads");
        }
        if (inline) {
            task.run();
        } else {
            tasks.add(task);
        }
    }

    private void pass(long to) {
        wall = wall.plusNanos(Math.max(0, to - now));
        now = to - now > 0 ? to : now;
    }
}
