package org.corestack.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What stands around the queue: the lock, the workers, the alarm and the sources.
 *
 * <p>One lock guards the queue and the counts of workers. No user code, no listener and no source is called under it.
 * Under it a feed's flags may be read; a feed never calls in here while it holds its own lock.
 *
 * <p>Workers are permits: one is started when a key waits that no worker is on its way to. It ends under the lock and only
 * when nothing waits, so no key is left without one.
 */
final class Shell<K> {
    private static final long RETRY_START_NANOS = Duration.ofSeconds(1).toNanos();

    private final ControllerOptions<K> options;
    private final Reconciler<K> reconciler;
    private final Host host;
    private final Reports<K> reports;
    private final List<Feed<K>> feeds = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();

    // Guarded by the lock from here on; closing is also read without it.
    private final KeyQueue<K> queue;
    /** Threads of this controller that are at work, on keys or on sources. */
    private final Set<Thread> inside = new HashSet<>();
    /** Those that are in the user's reconcile. */
    private final Map<Thread, Run<K>> runs = new HashMap<>();
    /** Workers that there are, or will be in a moment; at most as many as the options say. */
    private int workers;
    /** Those of them that are in user code, and so not on their way to the next key. */
    private int busy;
    /** Threads that wait for the state to be one they want. */
    private int watchers;

    private volatile boolean closing;

    Shell(ControllerOptions<K> options, Reconciler<K> reconciler, Host host) {
        this.options = options;
        this.reconciler = reconciler;
        this.host = host;
        this.reports = new Reports<>(options.name(), options.listener());
        this.queue = new KeyQueue<>(options.retry(), options.random());
        for (KeySource<K> source : options.sources()) {
            feeds.add(new Feed<>(this, source));
        }
    }

    void start() {
        host.onAlarm(() -> {
            step(KeyQueue::clock);
            feeds.forEach(Feed::ring);
        });
        feeds.forEach(Feed::ring);
    }

    ControllerOptions<K> options() {
        return options;
    }

    Host host() {
        return host;
    }

    Reports<K> reports() {
        return reports;
    }

    List<Feed<K>> feeds() {
        return feeds;
    }

    boolean isClosing() {
        return closing;
    }

    /** One event for the queue, at a time. */
    interface Step<K> {
        void on(KeyQueue<K> queue, long now);
    }

    /** Something to know of the queue, at a time. */
    interface Reading<K, R> {
        R of(KeyQueue<K> queue, long now);
    }

    /** One step of the queue, and what follows from it. Says false, having done nothing, once the controller is closing. */
    boolean step(Step<K> step) {
        int start;
        lock.lock();
        try {
            if (closing) {
                return false;
            }
            step.on(queue, host.nanos());
            start = plan();
        } finally {
            lock.unlock();
        }
        startWorkers(start);
        return true;
    }

    <R> R read(Reading<K, R> reading) {
        lock.lock();
        try {
            return reading.of(queue, host.nanos());
        } finally {
            lock.unlock();
        }
    }

    void wrote(Run<K> run, long stamp) {
        lock.lock();
        try {
            // A run that is over must not speak for a later one of its key.
            if (runs.get(run.thread()) == run) {
                queue.wrote(run.node(), stamp);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock, after each step: arms the alarm, and counts the workers that the caller has to start. */
    private int plan() {
        signal();
        Node<K> due = queue.nextDue();
        if (due != null) {
            host.wakeAt(due.deadline);
        }
        int onTheirWay = workers - busy;
        int start = Math.max(0, Math.min(options.workers() - workers, queue.waiting() - onTheirWay));
        workers += start;
        return start;
    }

    private void startWorkers(int count) {
        for (int started = 0; started < count; started++) {
            try {
                host.startWorker(this::work);
            } catch (Throwable error) {
                reports.internal("there is no thread for a worker; tried again in a second", error);
                int missing = count - started;
                locked(() -> workers -= missing);
                host.wakeAt(host.nanos() + RETRY_START_NANOS);
                return;
            }
        }
    }

    private void work() {
        Run<K> run = next();
        while (run != null) {
            Runnable report = settle(run, Ending.of(reconciler, run));
            if (report != null) {
                report.run();
                locked(() -> busy--);
            }
            run = next();
        }
    }

    /** Takes the next key; null if this worker has to end, which it then has in all but the thread. */
    private @Nullable Run<K> next() {
        lock.lock();
        try {
            Node<K> node = closing ? null : queue.take();
            if (node == null) {
                workers--;
                inside.remove(Thread.currentThread());
                // An interrupt was meant for what this thread did here, and must not go into its next life in a pool.
                Thread.interrupted();
                signal();
                return null;
            }
            busy++;
            Run<K> run = new Run<>(this, node);
            inside.add(run.thread());
            runs.put(run.thread(), run);
            return run;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the queue how a run ended. Returns what is to be reported; if nothing is, the worker is on its way again. */
    private @Nullable Runnable settle(Run<K> run, Ending ending) {
        Runnable report = null;
        int start;
        lock.lock();
        try {
            long now = host.nanos();
            runs.remove(run.thread());
            // An interrupt was meant for the run that is over, not for a listener.
            Thread.interrupted();
            try {
                report = settle(run, ending, now);
            } catch (Throwable error) {
                // A key that can't be hashed any more. The queue has let go of it by then, so the worker goes on.
                report = () -> reports.internal("a key has changed while it was worked on", error);
            }
            busy -= report == null ? 1 : 0;
            start = plan();
        } finally {
            lock.unlock();
        }
        startWorkers(start);
        return report;
    }

    private @Nullable Runnable settle(Run<K> run, Ending ending, long now) {
        Node<K> node = run.node();
        Throwable error = ending.error();
        if (error != null) {
            queue.failed(node, error, now);
        } else if (ending.result() != null) {
            queue.finished(node, ending.result(), now);
        }
        queue.clock(now);
        if (node.phase == Node.Phase.PARKED) {
            ParkedKey<K> parked = describe(node, now);
            return () -> reports.parked(parked);
        }
        if (error != null) {
            long left = node.phase == Node.Phase.DELAYED ? node.deadline - now : 0;
            return () -> reports.failed(run.key(), run.attempt(), error, Duration.ofNanos(left));
        }
        return null;
    }

    ParkedKey<K> describe(Node<K> node, long now) {
        Node.Past past = node.past();
        String reason = past.parkedFor == null ? "" : past.parkedFor;
        return new ParkedKey<>(
                node.key, past.failures, reason, past.error, host.instant().minusNanos(now - past.parkedAt));
    }

    /** A source's thread begins to work for this controller. */
    void enter() {
        locked(() -> inside.add(Thread.currentThread()));
    }

    /** And has ended; an interrupt that was meant for its work goes no further. */
    void leave() {
        locked(() -> {
            inside.remove(Thread.currentThread());
            Thread.interrupted();
        });
    }

    /** Something that a watcher may wait for has changed. */
    void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            signal();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        if (watchers > 0) {
            moved.signalAll();
        }
    }

    /** Nothing more is taken in or begun. Says whether this call was the first. */
    boolean beginClosing() {
        lock.lock();
        try {
            boolean first = !closing;
            closing = true;
            moved.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    boolean isInside() {
        return read((q, now) -> inside.contains(Thread.currentThread()));
    }

    void interruptAll() {
        locked(() -> inside.forEach(Thread::interrupt));
    }

    List<Run<K>> running() {
        return read((q, now) -> List.copyOf(runs.values()));
    }

    /** Whether nothing runs any more that the end of the controller has to wait for. */
    boolean isDrained() {
        return workers == 0 && feeds.stream().allMatch(Feed::isEnded);
    }

    /** Whether all lists are through, and no key waits or runs. */
    boolean isIdle() {
        // The feeds first: what they have listed is in the queue before they say so.
        return feeds.stream().allMatch(Feed::isSettled)
                && queue.waiting() == 0
                && queue.running().isEmpty();
    }

    /** Waits until something holds, which is looked at under the lock. Says whether it did before the time was over. */
    boolean await(Predicate<Shell<K>> wanted, Duration timeout) throws InterruptedException {
        long left = Backoff.nanos(timeout);
        lock.lockInterruptibly();
        try {
            watchers++;
            while (!wanted.test(this)) {
                if (left <= 0) {
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return true;
        } finally {
            watchers--;
            lock.unlock();
        }
    }
}
