package org.corestack.reconcile;

import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * The events that a queue can meet in a small world, each written so that it does something to the queue and says the same
 * to the model. Time is in whole units.
 */
final class QueueWorld {
    static final long UNIT = 1_000;
    /** Delays of 2, 4 and 8 units, no chance, parked at the third failure. */
    static final Backoff BACKOFF = new Backoff(nanos(2), nanos(8), 2, 0, 3);

    private final Throwable boom = new CoreException(ErrorCode.UNKNOWN, "boom");

    final KeyQueue<String> queue = new KeyQueue<>(BACKOFF, new java.util.SplittableRandom(1));
    final NaiveQueue model = new NaiveQueue();
    /** Close to the overflow of the clock, so that a comparison of times by size would fail. */
    long now = Long.MAX_VALUE - 5 * UNIT;

    private final int workers;

    QueueWorld(int workers) {
        this.workers = workers;
    }

    /** One event: what it is called, and what it does. It may be one that can't happen now, and does nothing then. */
    record Event(String name, String key, Doing doing) {
        @Override
        public String toString() {
            return name + "(" + key + ")";
        }
    }

    interface Doing {
        void in(QueueWorld world, String key);
    }

    static final List<Event> GLOBAL = List.of(
            new Event("take", "", (world, none) -> world.take()),
            new Event("tick", "", (world, none) -> world.pass(1)),
            new Event("missed", "", (world, none) -> {
                world.queue.missed(world.now);
                world.model.missed(world.time());
            }));

    static List<Event> of(String key) {
        return List.of(
                new Event("news", key, (world, k) -> world.changed(k, 0)),
                new Event("changed1", key, (world, k) -> world.changed(k, 1)),
                new Event("changed2", key, (world, k) -> world.changed(k, 2)),
                new Event("wrote1", key, QueueWorld::wrote),
                new Event("resynced", key, QueueWorld::resynced),
                new Event("resume", key, QueueWorld::resume),
                new Event("asked1", key, (world, k) -> world.asked(k, 1)),
                new Event("asked3", key, (world, k) -> world.asked(k, 3)),
                new Event("done", key, (world, k) -> world.finish(k, Result.done())),
                new Event("after3", key, (world, k) -> world.finish(k, Result.requeueAfter(nanos(3)))),
                new Event("requeue", key, (world, k) -> world.finish(k, Result.requeue())),
                new Event("park", key, (world, k) -> world.finish(k, Result.park("asked"))),
                new Event("fail", key, (world, k) -> world.finish(k, null)));
    }

    /** The time as the model has it: whole units from the start. */
    long time() {
        return (now - (Long.MAX_VALUE - 5 * UNIT)) / UNIT;
    }

    void pass(long units) {
        now += units * UNIT;
        queue.clock(now);
        model.clock(time());
    }

    void changed(String key, long stamp) {
        queue.changed(key, stamp, now);
        model.changed(key, stamp, time());
    }

    void take() {
        if (model.running.size() < workers) {
            Node<String> taken = queue.take();
            model.take(taken == null ? null : taken.key);
        }
    }

    void finish(String key, Result result) {
        if (!model.running.contains(key)) {
            return;
        }
        Node<String> node = queue.find(key);
        if (result == null) {
            queue.failed(node, boom, now);
        } else {
            queue.finished(node, result, now);
        }
        model.finish(key, result, time());
    }

    private void wrote(String key) {
        if (model.running.contains(key)) {
            queue.wrote(queue.find(key), 1);
            model.wrote(key, 1);
        }
    }

    private void resynced(String key) {
        queue.resynced(key);
        model.resynced(key);
    }

    private void resume(String key) {
        if (queue.resume(key) != model.resume(key)) {
            throw new AssertionError("resume of " + key + " says what the model does not");
        }
    }

    private void asked(String key, long units) {
        queue.askedFor(key, now + units * UNIT);
        model.asked(key, time() + units);
    }

    /** Compares all that can be seen from outside. */
    void compare(List<String> keys) {
        for (String key : keys) {
            Node<String> node = queue.find(key);
            String seen = node == null ? "none" : describe(node);
            String wanted = model.describe(key);
            if (!seen.equals(wanted)) {
                throw new AssertionError(key + " is " + seen + ", and should be " + wanted);
            }
        }
        ControllerStats stats = queue.stats();
        int known = stats.waiting() + stats.running() + stats.delayed() + stats.parked();
        if (known != queue.size() || stats.waiting() != model.waiting.size()) {
            throw new AssertionError("the places hold " + stats + ", the map holds " + queue.size());
        }
    }

    private String describe(Node<String> node) {
        String text = node.phase.name();
        if (node.phase == Node.Phase.DELAYED) {
            text += " until " + (time() + (node.deadline - now) / UNIT);
        }
        return text + " failures " + node.failures();
    }

    static java.time.Duration nanos(long units) {
        return java.time.Duration.ofNanos(units * UNIT);
    }
}
