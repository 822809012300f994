package org.corestack.reconcile;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One source of a controller: subscribes, then lists, and begins anew after failures and gaps. It has a thread only while
 * there is something to do.
 *
 * <p>The lock guards the fields (the thread that works may read the link without it, as it alone sets it); no source and nothing of the shell but its clock and alarm is called under it. Work is
 * begun by setting {@code busy}, so there is one thread at most; who sets it starts the thread.
 */
final class Feed<K> implements Runnable {

    /** What the list that is due next is for. */
    private enum Want {
        NOTHING,
        /** A safety net, without a reason to think that something was missed. */
        RESYNC,
        /** Changes may have been missed. */
        LIST
    }

    private static final Backoff RETRY = Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(30));
    /** A failure so long after the one before begins a new run of failures. */
    private static final long CALM_NANOS = 2 * RETRY.max().toNanos();

    private static final long NO_THREAD_NANOS = Duration.ofSeconds(1).toNanos();

    private final Shell<K> shell;
    private final KeySource<K> source;
    private final ReentrantLock lock = new ReentrantLock();

    private Want want = Want.LIST;
    /** Whether changes may be missing of keys that the list no longer has. */
    private boolean gap;

    private @Nullable Link<K> link;
    private boolean busy;
    private boolean stopped;
    private boolean ended;
    private int failures;
    private long lastFailure;
    /** When to go on after a failure, and when to list for safety; null for not at all. */
    private @Nullable Long retryAt;

    private @Nullable Long resyncAt;

    Feed(Shell<K> shell, KeySource<K> source) {
        this.shell = shell;
        this.source = source;
    }

    /** Looks whether there is something to do, and begins with it. */
    void ring() {
        lock.lock();
        try {
            if (busy || ended || !isDue()) {
                return;
            }
            busy = true;
        } finally {
            lock.unlock();
        }
        begin();
    }

    /** The subscription ends, and so does a list that is under way. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            ended = ended || (!busy && link == null);
        } finally {
            lock.unlock();
        }
        ring();
    }

    /** The source says that changes may be missing. */
    void relist() {
        lock.lock();
        try {
            want = Want.LIST;
            gap = true;
        } finally {
            lock.unlock();
        }
        ring();
    }

    /** Whether it has stopped and closed what it had open. */
    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has a subscription, and has handed over all keys of its list. */
    boolean isSettled() {
        lock.lock();
        try {
            return link != null && link.isOpen() && want == Want.NOTHING && !busy;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        if (stopped) {
            return true;
        }
        long now = shell.host().nanos();
        if (retryAt != null) {
            if (retryAt - now > 0) {
                shell.host().wakeAt(retryAt);
                return false;
            }
            retryAt = null;
        }
        if (resyncAt != null) {
            if (resyncAt - now > 0) {
                shell.host().wakeAt(resyncAt);
            } else {
                resyncAt = null;
                want = want == Want.NOTHING ? Want.RESYNC : want;
            }
        }
        return want != Want.NOTHING || (link != null && !link.isOpen());
    }

    private void begin() {
        try {
            shell.host().startFeed(this);
        } catch (Throwable error) {
            shell.reports().internal("there is no thread for source " + source + "; tried again in a second", error);
            boolean last;
            lock.lock();
            try {
                last = stopped;
                busy = last;
                retryAt = shell.host().nanos() + NO_THREAD_NANOS;
                shell.host().wakeAt(retryAt);
            } finally {
                lock.unlock();
            }
            if (last) {
                // What is open has to be closed, then by the thread that closes the controller.
                run();
            }
        }
    }

    /** What the source's thread does: all that is due. */
    @Override
    public void run() {
        shell.enter();
        boolean orderly = false;
        try {
            for (Want job = next(); job != Want.NOTHING; job = next()) {
                try {
                    work(job);
                } catch (Throwable error) {
                    failed(job, error);
                }
            }
            orderly = true;
        } finally {
            if (!orderly) {
                // Out of memory while it said so, for one: it must not stay busy for ever.
                comeAgain();
            }
            shell.leave();
        }
    }

    private void comeAgain() {
        lock.lock();
        try {
            busy = false;
            ended = stopped;
            want = Want.LIST;
            retryAt = shell.host().nanos() + NO_THREAD_NANOS;
            shell.host().wakeAt(retryAt);
        } finally {
            lock.unlock();
        }
    }

    /** What is due; if nothing is, the thread is done. */
    private Want next() {
        Link<K> last;
        lock.lock();
        try {
            if (!stopped) {
                busy = isDue();
                if (!busy) {
                    return Want.NOTHING;
                }
                // A subscription that broke is due even if no list is.
                Want job = want == Want.NOTHING ? Want.LIST : want;
                want = Want.NOTHING;
                return job;
            }
            last = link;
        } finally {
            lock.unlock();
        }
        close(last);
        lock.lock();
        try {
            ended = true;
            busy = false;
        } finally {
            lock.unlock();
        }
        return Want.NOTHING;
    }

    private void work(Want job) throws Throwable {
        Link<K> current = link;
        if (current == null) {
            current = new Link<>(this, shell, source);
            setLink(current);
            // Before the list, so that no change falls between the two.
            current.open(source.subscribe(current));
        }
        current.throwIfBroken();
        list(job);
        Duration resync = shell.options().resync();
        if (resync != null) {
            planResync(resync);
        }
    }

    private void list(Want job) throws Exception {
        boolean afterGap;
        lock.lock();
        try {
            afterGap = job == Want.LIST && gap;
            gap = gap && !afterGap;
        } finally {
            lock.unlock();
        }
        if (afterGap) {
            shell.step(KeyQueue::missed);
        }
        try (Keys<K> keys = source.keys()) {
            boolean open = true;
            while (open && keys.hasNext()) {
                K key = Link.checked(source, keys.next());
                open = shell.step(
                        job == Want.RESYNC
                                ? (queue, now) -> queue.resynced(key)
                                : (queue, now) -> queue.changed(key, 0, now));
            }
        }
    }

    private void planResync(Duration every) {
        double share = 1 - 0.1 * random();
        lock.lock();
        try {
            resyncAt = shell.host().nanos() + (long) ((double) Backoff.nanos(every) * share);
        } finally {
            lock.unlock();
        }
    }

    private void failed(Want job, Throwable error) {
        double shortened = RETRY.jitter() * random();
        Link<K> broken = null;
        long delay;
        lock.lock();
        try {
            if (stopped) {
                // The controller is closing, and the interrupt of that is the likely cause.
                return;
            }
            if (link != null && !link.isEstablished()) {
                broken = link;
                link = null;
                gap = true;
            }
            want = broken != null || job == Want.LIST || want == Want.LIST ? Want.LIST : Want.RESYNC;
            long now = shell.host().nanos();
            failures = failures > 0 && now - lastFailure > CALM_NANOS ? 1 : failures + 1;
            lastFailure = now;
            delay = RETRY.nanos(failures, shortened);
            retryAt = now + delay;
        } finally {
            lock.unlock();
        }
        close(broken);
        shell.reports().sourceFailed(source, error, Duration.ofNanos(delay));
    }

    private void setLink(Link<K> created) {
        lock.lock();
        try {
            link = created;
        } finally {
            lock.unlock();
        }
    }

    private void close(@Nullable Link<K> closing) {
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (Throwable error) {
            shell.reports().internal("source " + source + " could not be closed", error);
        }
    }

    /** The generator belongs to the queue's lock. */
    private double random() {
        return shell.read((queue, now) -> shell.options().random().nextDouble());
    }
}
