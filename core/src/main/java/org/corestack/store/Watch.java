package org.corestack.store;

import static org.corestack.store.Arguments.notNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open watch of a collection. Thread-safe.
 *
 * <p>The changes of a key come in the order of their commits, each at least once. What fails is retried
 * until it works; a watch ends only when it is closed, when its history is gone ({@link WatchListener#onResync})
 * or when its listener keeps throwing and the options say to stop.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration JOIN_WAIT = Duration.ofMillis(20);
    private static final long BUFFER_BYTES = 16L << 20;

    private final FeedHub hub;
    private final String path;
    private final FeedHub.Interest interest;
    private final WatchOptions options;
    private final Delivery delivery;
    private final Thread thread;
    private final FeedPulse pulse = new FeedPulse();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Object lock = new Object();
    private @Nullable ChangeReader reader; // guarded by lock
    private volatile Position at;
    /** A moment all before which has been delivered. */
    private volatile long upToDate = System.nanoTime();
    // the watch's own thread's alone
    private final FailureLog failures;
    /** What the listener heard of last. */
    private Position told;

    private Watch(FeedHub hub, String name, String path, Position from, WatchOptions options, WatchListener listener) {
        this.hub = hub;
        this.path = path;
        this.options = options;
        this.at = from;
        this.told = from;
        this.interest = new FeedHub.Interest(name, Delivery.content(options));
        this.delivery = new Delivery(path, options, listener, closing);
        this.failures = new FailureLog(LOG, () -> "the watch of " + path);
        this.thread = new Thread(this::run, "corestack-watch-" + path);
        this.thread.setDaemon(true);
    }

    static Watch start(
            FeedHub hub, String name, String path, Position from, WatchOptions options, WatchListener listener) {
        Watch watch = new Watch(hub, name, path, from, options, listener);
        hub.register(watch);
        watch.thread.start();
        return watch;
    }

    /** Up to where all changes have been delivered: a watch from here continues this one. */
    public Position position() {
        return at;
    }

    /**
     * Whether the change or write at a position has been delivered.
     *
     * @param position of the same database, such as a {@code Written}'s
     */
    public boolean covers(Position position) {
        return hub.source().covers(at, notNull(position, "position"));
    }

    /**
     * How long it has not been known that all changes are delivered: the time since the latest moment before which
     * nothing was confirmed that the listener has not been given; since the watch began where there is none yet. It is below
     * some two seconds while nothing happens, and grows while the database is silent, slow or away, while there is more
     * to catch up with than the listener has been given, and once the watch has ended. By this process's monotonic
     * clock alone.
     */
    public Duration lag() {
        return Duration.ofNanos(System.nanoTime() - upToDate);
    }

    /** Returns if the database answers what this watch reads by itself; UNAVAILABLE if not for some seconds. */
    void checkHealth() {
        pulse.check("the watch of " + path);
    }

    /** Whether the watch has not ended. */
    public boolean isOpen() {
        return thread.isAlive() && closing.getCount() > 0;
    }

    /**
     * Ends the watch. What the listener is doing may finish for 5 s, then it is interrupted. Called by the
     * listener itself it returns at once. Idempotent, never throws.
     */
    @Override
    public void close() {
        end();
        Threads.joinWithin(List.of(thread), Duration.ofSeconds(5));
    }

    /** Begins to end the watch. */
    void end() {
        closing.countDown();
        ChangeReader waiting;
        synchronized (lock) {
            waiting = reader;
        }
        if (waiting != null) {
            waiting.close();
        }
        delivery.wake();
    }

    /** The thread of the watch. */
    Thread thread() {
        return thread;
    }

    private boolean open() {
        return closing.getCount() > 0;
    }

    private void run() {
        RetryDelay delay = new RetryDelay(Duration.ofMillis(50), Duration.ofSeconds(5));
        WatchBuffer buffer = null;
        try {
            while (open()) {
                try {
                    buffer = new WatchBuffer(options.buffer(), BUFFER_BYTES);
                    delivery.buffer(buffer);
                    Resync resync = catchUp(buffer, delay);
                    if (resync != null) {
                        delivery.resync(resync);
                        return;
                    }
                    live(buffer);
                } catch (Stopped e) {
                    return;
                } catch (InterruptedException | RuntimeException | Error e) {
                    failed(e, delay);
                } finally {
                    if (buffer != null) {
                        hub.leave(buffer);
                    }
                }
            }
        } finally {
            pulse.end();
            hub.unregister(this);
        }
    }

    private void failed(Throwable error, RetryDelay delay) {
        if (!open()) {
            LOG.debug("the watch of {} ended while it was being closed", path, error);
            return;
        }
        pulse.failed(error);
        try {
            failures.failed(error);
            delivery.tell(
                    new CoreException(ErrorCode.of(error), "the watch of " + path + " failed; it is retried", error));
        } catch (RuntimeException | Error e) {
            error.addSuppressed(e); // out of memory, or a log that throws, must not end the watch unsaid
        }
        try {
            boolean interrupted = Thread.interrupted(); // a listener's stray interrupt must not end the watch
            LOG.debug("the watch of {} goes on, interrupted: {}", path, interrupted);
            closing.await(delay.next().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.debug("the watch of {} is retried without waiting", path, e);
        }
    }

    /** Reads by itself until the hub has taken over at a position that is covered; gives why it can't. */
    private @Nullable Resync catchUp(WatchBuffer buffer, RetryDelay delay) throws InterruptedException, Stopped {
        boolean joining = false;
        try (ChangeReader own = openReader()) {
            while (open()) {
                long begun = pulse.begin();
                var outcome = own.next(Map.of(interest.collection(), interest.content()), joining ? JOIN_WAIT : WAIT);
                pulse.end();
                if (outcome instanceof ChangeReader.Lost lost) {
                    return lost.resync();
                }
                ChangeReader.Batch batch = (ChangeReader.Batch) outcome;
                delay.reset();
                for (ChangeReader.CollectionChange change : batch.changes()) {
                    deliver(change);
                }
                reached(batch.upTo());
                upToDate(batch.more() ? upToDate : begun);
                failures.succeeded();
                if (!joining && !batch.more()) {
                    hub.join(buffer, interest);
                    joining = true;
                }
                Position joined = buffer.joinedAt();
                if (joined != null && hub.source().covers(at, joined)) {
                    return null;
                }
            }
            return null;
        } finally {
            synchronized (lock) {
                reader = null;
            }
        }
    }

    private ChangeReader openReader() {
        synchronized (lock) {
            ChangeReader own = hub.source().open(at);
            reader = own;
            return own;
        }
    }

    /**
     * Delivers what the hub offers until it detaches this watch. What it has delivered by itself behind the position
     * where it was joined comes once more at first, possibly in another order: until the hub is past all of that, the
     * place to resume from stays where it is.
     */
    private void live(WatchBuffer buffer) throws InterruptedException, Stopped {
        Position caughtUp = at;
        boolean past = false;
        while (open()) {
            WatchBuffer.Item item = buffer.take(WAIT);
            if (item instanceof WatchBuffer.Delivery batch) {
                for (ChangeReader.CollectionChange change : batch.changes()) {
                    Position place = change.change().position();
                    if (!past && hub.source().covers(caughtUp, place)) {
                        continue;
                    }
                    past = past || hub.source().covers(place, caughtUp);
                    if (past) {
                        deliver(change);
                    } else {
                        give(change);
                    }
                }
                past = past || hub.source().covers(batch.upTo(), caughtUp);
                if (past) {
                    reached(batch.upTo());
                    upToDate(batch.upToDate());
                }
            } else if (item instanceof WatchBuffer.Failure failure) {
                delivery.tell(failure.error());
            } else if (item == WatchBuffer.Detached.INSTANCE) {
                return;
            }
        }
    }

    private void deliver(ChangeReader.CollectionChange change) throws InterruptedException, Stopped {
        give(change);
        at = change.change().position();
    }

    private void give(ChangeReader.CollectionChange change) throws InterruptedException, Stopped {
        if (!open()) {
            throw new InterruptedException("closing");
        }
        if (delivery.change(change)) {
            told = change.change().position();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the watch's own thread sets it
    private void upToDate(long moment) {
        upToDate = moment - upToDate > 0 ? moment : upToDate;
    }

    private void reached(Position position) {
        at = position;
        if (!position.equals(told)) {
            told = position;
            delivery.bookmark(position);
        }
    }

    /** The listener kept throwing, and the options say to stop. */
    static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
