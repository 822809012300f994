package org.corestack.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one feed for all its watchers, on one thread that lives while there are any. Thread-safe.
 *
 * <p>A watcher comes in two steps: it reads by itself until it has caught up, then asks to join; the hub joins
 * it between two reads, saying at which position, and the watcher goes on by itself until it covers that. So
 * nothing is lost between, however the reads interleave.
 */
final class FeedHub {
    private static final Logger LOG = LoggerFactory.getLogger(FeedHub.class);
    private static final Duration IDLE_WAIT = Duration.ofSeconds(1);

    /** What a watcher wants to hear of. */
    record Interest(String collection, Content content) {}

    private final ChangeSource source;
    private final FeedPulse pulse = new FeedPulse();
    private final Object lock = new Object();
    // the reading thread's alone
    private final FailureLog failures = new FailureLog(LOG, this::what);
    /** A moment all before which has been read. */
    private long upToDate;
    // all guarded by lock
    private final Set<Watch> watches = new LinkedHashSet<>();
    private final Map<WatchBuffer, Interest> joining = new LinkedHashMap<>();
    private final Map<WatchBuffer, Interest> live = new LinkedHashMap<>();
    private @Nullable Thread thread;
    private @Nullable ChangeReader reader;
    private boolean closed;

    FeedHub(ChangeSource source) {
        this.source = source;
    }

    ChangeSource source() {
        return source;
    }

    /** Counts a watch as open, so that closing the client ends it. */
    void register(Watch watch) {
        synchronized (lock) {
            if (closed) {
                throw CoreException.failedPrecondition("the store client is closed");
            }
            watches.add(watch);
        }
    }

    void unregister(Watch watch) {
        synchronized (lock) {
            watches.remove(watch);
        }
    }

    /** Asks for a buffer to be joined before one of the next reads. */
    void join(WatchBuffer buffer, Interest interest) {
        synchronized (lock) {
            joining.put(buffer, interest);
            if (thread == null) {
                Thread reading = new Thread(this::run, "corestack-feed-" + source.name());
                reading.setDaemon(true);
                reading.start();
                thread = reading; // not where the system has no thread to give: the next one tries again
            }
        }
    }

    /** Offers nothing more to a buffer. The reading ends with the read during which the last one has left. */
    void leave(WatchBuffer buffer) {
        synchronized (lock) {
            joining.remove(buffer);
            live.remove(buffer);
        }
    }

    /**
     * Returns if the feed answers all who read it.
     *
     * @throws CoreException UNAVAILABLE if one has got no answer for some seconds
     */
    void checkHealth() {
        pulse.check(what());
        List<Watch> open;
        synchronized (lock) {
            open = new ArrayList<>(watches);
        }
        open.forEach(Watch::checkHealth);
    }

    /** Ends the watches and the reading. Idempotent. */
    void close() {
        List<Watch> open;
        Thread running;
        ChangeReader waiting;
        synchronized (lock) {
            closed = true;
            open = new ArrayList<>(watches);
            running = thread;
            waiting = reader;
            lock.notifyAll();
        }
        // All are told first and waited for together, or many that are stuck would take as long as each of them.
        open.forEach(Watch::end);
        if (waiting != null) {
            waiting.close();
        }
        Stream<Thread> threads = Stream.concat(open.stream().map(Watch::thread), Stream.ofNullable(running));
        Threads.joinWithin(threads.toList(), Duration.ofSeconds(5));
    }

    private void run() {
        RetryDelay delay = new RetryDelay(Duration.ofMillis(50), Duration.ofSeconds(5));
        Position at = null;
        while (goesOn()) {
            try {
                long begun = pulse.begin();
                if (at == null) {
                    at = source.now(Deadline.in(Duration.ofSeconds(10)));
                    upToDate = begun;
                }
                at = step(at);
                pulse.end();
                delay.reset();
                failures.succeeded();
            } catch (RuntimeException | Error e) {
                recover(e, delay.next());
            }
        }
    }

    /** Nothing here may end the thread, out of memory or with a log that throws: its watchers would never hear again. */
    private void recover(Throwable error, Duration delay) {
        try {
            pulse.failed(error);
            closeReader();
            if (hasMembers()) {
                tell(error);
            }
        } catch (RuntimeException | Error e) {
            error.addSuppressed(e);
        }
        if (hasMembers()) {
            pause(delay);
        }
    }

    /** Whether there is a reason to read; if not, the thread counts as ended, and another may be started at once. */
    private boolean goesOn() {
        ChangeReader ended;
        synchronized (lock) {
            if (!closed && !(joining.isEmpty() && live.isEmpty())) {
                return true;
            }
            pulse.end();
            thread = null;
            ended = reader;
            reader = null;
        }
        if (ended != null) {
            ended.close();
        }
        return false;
    }

    private boolean hasMembers() {
        synchronized (lock) {
            return !closed && !(joining.isEmpty() && live.isEmpty());
        }
    }

    /** One read; gives the position behind it, or null if the history is gone. */
    private @Nullable Position step(Position at) {
        ChangeReader current;
        Map<String, Content> interest = new HashMap<>();
        synchronized (lock) {
            if (closed) {
                return at; // closing has not seen a reader that is opened only now, and would wait for it
            }
            current = reader == null ? source.open(at) : reader;
            reader = current;
            joining.keySet().forEach(buffer -> buffer.join(at));
            live.putAll(joining);
            joining.clear();
            live.values().forEach(one -> interest.merge(one.collection(), one.content(), FeedHub::wider));
        }
        long begun = System.nanoTime();
        ChangeReader.Outcome outcome = current.next(interest, IDLE_WAIT);
        if (outcome instanceof ChangeReader.Batch batch) {
            upToDate = batch.more() ? upToDate : begun;
            dispatch(batch);
            return batch.upTo();
        }
        LOG.warn("the feed {} lost its place; its watchers read on by themselves: {}", source.name(), outcome);
        synchronized (lock) {
            live.keySet().forEach(WatchBuffer::detach);
            live.clear();
        }
        closeReader();
        return null;
    }

    private static Content wider(Content a, Content b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private void dispatch(ChangeReader.Batch batch) {
        Map<String, List<ChangeReader.CollectionChange>> byCollection = new HashMap<>();
        for (ChangeReader.CollectionChange change : batch.changes()) {
            byCollection
                    .computeIfAbsent(change.collection(), name -> new ArrayList<>())
                    .add(change);
        }
        synchronized (lock) {
            live.entrySet()
                    .removeIf(member -> !member.getKey()
                            .offer(
                                    byCollection.getOrDefault(member.getValue().collection(), List.of()),
                                    batch.upTo(),
                                    upToDate));
        }
    }

    private void tell(Throwable error) {
        CoreException failure = new CoreException(ErrorCode.of(error), what() + " can't be read; it is retried", error);
        synchronized (lock) {
            live.keySet().forEach(buffer -> buffer.fail(failure));
        }
        failures.failed(error);
    }

    private String what() {
        return "the feed " + source.name();
    }

    private void closeReader() {
        ChangeReader ended;
        synchronized (lock) {
            ended = reader;
            reader = null;
        }
        if (ended != null) {
            ended.close();
        }
    }

    private void pause(Duration delay) {
        long until = System.nanoTime() + delay.toNanos();
        synchronized (lock) {
            try {
                for (long left = delay.toMillis();
                        left > 0 && !closed;
                        left = (until - System.nanoTime()) / 1_000_000) {
                    lock.wait(left);
                }
            } catch (InterruptedException e) {
                LOG.debug("nobody interrupts the feed's thread but a JVM that ends; reading goes on", e);
            }
        }
    }
}
