package org.corestack.reconcile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.corestack.reconcile.Node.Meanwhile;
import org.corestack.reconcile.Node.Past;
import org.corestack.reconcile.Node.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a controller: which keys wait, run, are delayed or parked, and what each event makes of that. It
 * has no threads, no clock and no lock: each method is one step, is told the time, and is called by one thread at a time.
 *
 * <pre>{@literal
 *   (none) --news, resync--> WAITING --take--> RUNNING --done--> (none)
 *                              ^ ^                |
 *                  due or news | |                |-- failed, requeue, requeueAfter --> DELAYED
 *                      DELAYED-+ +-PARKED         |-- park, or the budget is used up --> PARKED
 *                            news or resume
 * }</pre>
 *
 * <p>What holds after each step: a key is in one phase; only a delayed key has a deadline, and it has one; a change is
 * either followed by a run that begins after it, or will be, unless it is the key's own and the key is parked; an idle key
 * is not in the map.
 *
 * <p>All keys come into WAITING by {@link #await}, and leave it by {@link #take}: the place for lanes, for limits of the
 * overall rate, and for shards that are not ours.
 */
final class KeyQueue<K> {
    private final Backoff backoff;
    private final RandomGenerator random;
    private final Map<K, Node<K>> nodes = new HashMap<>();
    private final ArrayDeque<Node<K>> waiting = new ArrayDeque<>();
    private final Deadlines<K> delayed = new Deadlines<>();
    private final Set<Node<K>> parked = new LinkedHashSet<>();
    private final Set<Node<K>> running = new LinkedHashSet<>();
    private long runs;
    private long failures;

    KeyQueue(Backoff backoff, RandomGenerator random) {
        this.backoff = backoff;
        this.random = random;
    }

    /** A source reports a change; 0 is a stamp that is not known, and so another's. */
    void changed(K key, long stamp, long now) {
        Node<K> node = node(key);
        if (stamp != 0) {
            node.stamp = stamp;
        }
        boolean own = node.isOwn(stamp);
        if (node.phase == Phase.RUNNING) {
            Meanwhile meanwhile = node.meanwhile();
            if (own) {
                meanwhile.own = true;
            } else if (stamp == 0 || !meanwhile.unsure.add(stamp)) {
                meanwhile.news = true;
            }
        } else if (!own) {
            news(node, now);
        }
    }

    /** A periodic list has the key: a safety net, and no news, so a key that fails or is parked stays as it is. */
    void resynced(K key) {
        Node<K> node = node(key);
        if (node.phase == Phase.IDLE || (node.phase == Phase.DELAYED && !floored(node))) {
            await(node);
        }
    }

    /** Changes may have been missed: whatever is remembered of keys that may be gone from the list is to be looked at. */
    void missed(long now) {
        List<Node<K>> affected = new ArrayList<>(parked);
        for (int i = 0; i < delayed.size(); i++) {
            affected.add(delayed.at(i));
        }
        for (Node<K> node : affected) {
            news(node, now);
        }
        for (Node<K> node : running) {
            node.meanwhile().news = true;
        }
    }

    /** Somebody wants the key to run no later than at a time. It is no news: it gives no new budget and frees nothing. */
    void askedFor(K key, long deadline) {
        Node<K> node = node(key);
        switch (node.phase) {
            case RUNNING -> {
                Meanwhile meanwhile = node.meanwhile();
                boolean nearer = !meanwhile.asked || deadline - meanwhile.deadline < 0;
                meanwhile.deadline = nearer ? deadline : meanwhile.deadline;
                meanwhile.asked = true;
            }
            case IDLE, DELAYED -> delayFor(node, deadline);
            case WAITING, PARKED -> {}
        }
    }

    /** An operator frees a parked key, with a new budget. Says whether it was parked. */
    boolean resume(K key) {
        Node<K> node = find(key);
        if (node == null || node.phase != Phase.PARKED) {
            return false;
        }
        forgive(node);
        await(node);
        return true;
    }

    /** The clock moved: what is due waits for a worker now. */
    void clock(long now) {
        Node<K> first = delayed.first();
        while (first != null && first.deadline - now <= 0) {
            await(first);
            first = delayed.first();
        }
    }

    /** A worker takes the next key; null if none waits. */
    @Nullable
    Node<K> take() {
        Node<K> node = waiting.poll();
        if (node != null) {
            node.phase = Phase.RUNNING;
            running.add(node);
            runs++;
        }
        return node;
    }

    /** The key that is worked on wrote something that will come back with a stamp. */
    void wrote(Node<K> node, long stamp) {
        if (stamp == 0) {
            return;
        }
        node.past().own.add(stamp);
        Meanwhile meanwhile = node.meanwhile;
        if (meanwhile != null && meanwhile.unsure.remove(stamp)) {
            meanwhile.own = true;
        }
    }

    /** A run has come to its end with a result. */
    void finished(Node<K> node, Result result, long now) {
        leave(node);
        if (node.past != null) {
            node.past.floored = false;
        }
        if (result instanceof Result.Requeue) {
            Past past = node.past();
            past.backoffs++;
            delay(node, now + backoff.nanos(past.backoffs, backoff.draw(random)));
        } else if (result instanceof Result.Park park) {
            park(node, park.reason(), now);
        } else {
            forgive(node);
            if (result instanceof Result.RequeueAfter after) {
                delay(node, now + Backoff.nanos(after.delay()));
            }
        }
        settle(node, now);
    }

    /** A run has failed. */
    void failed(Node<K> node, Throwable error, long now) {
        leave(node);
        failures++;
        Past past = node.past();
        past.failures++;
        past.backoffs++;
        past.error = error;
        double shortened = backoff.draw(random);
        past.floored = true;
        past.floor = now + backoff.nanos(1, shortened);
        if (backoff.parkAfter() > 0 && past.failures >= backoff.parkAfter()) {
            park(node, "failed " + past.failures + " times in a row", now);
        } else {
            delay(node, now + backoff.nanos(past.backoffs, shortened));
        }
        settle(node, now);
    }

    /** The key that is due next; null if none is delayed. */
    @Nullable
    Node<K> nextDue() {
        return delayed.first();
    }

    int waiting() {
        return waiting.size();
    }

    /** The ones that are worked on; not to be kept. */
    Collection<Node<K>> running() {
        return running;
    }

    /** The parked ones, longest parked first; not to be kept. */
    Collection<Node<K>> parked() {
        return parked;
    }

    /** What is known of a key; null if there is nothing to do or to remember about it. */
    @Nullable
    Node<K> find(K key) {
        return nodes.get(key);
    }

    /** How many keys are in memory. */
    int size() {
        return nodes.size();
    }

    ControllerStats stats() {
        return new ControllerStats(waiting.size(), running.size(), delayed.size(), parked.size(), runs, failures);
    }

    /** What is known of a key; an idle one is in the map only until the step is over. */
    private Node<K> node(K key) {
        return nodes.computeIfAbsent(key, Node::new);
    }

    private void leave(Node<K> node) {
        running.remove(node);
        node.phase = Phase.IDLE;
    }

    /** What came while the key was worked on counts as if it came right after. */
    private void settle(Node<K> node, long now) {
        Meanwhile meanwhile = node.meanwhile;
        node.meanwhile = null;
        if (meanwhile != null) {
            if (meanwhile.news || !meanwhile.unsure.isEmpty()) {
                news(node, now);
            } else if (meanwhile.own && node.phase == Phase.IDLE) {
                await(node);
            } else if (meanwhile.asked && node.phase != Phase.PARKED) {
                delayFor(node, meanwhile.deadline);
            }
        }
        if (node.phase == Phase.IDLE) {
            nodes.remove(node.key);
        }
    }

    /** Something happened to the key that it did not do itself: it runs, with a new budget. */
    private void news(Node<K> node, long now) {
        forgive(node);
        if (node.phase == Phase.WAITING) {
            return;
        }
        if (floored(node) && node.past().floor - now > 0) {
            // A key that fails under a stream of news would else be retried as fast as they come.
            delay(node, node.past().floor);
        } else {
            await(node);
        }
    }

    /** The deadline that somebody asked for, but not before a failure's floor. */
    private void delayFor(Node<K> node, long deadline) {
        boolean tooSoon = floored(node) && node.past().floor - deadline > 0;
        delay(node, tooSoon ? node.past().floor : deadline);
    }

    private void forgive(Node<K> node) {
        Past past = node.past;
        if (past != null) {
            past.failures = 0;
            past.backoffs = 0;
            past.error = null;
        }
    }

    private static boolean floored(Node<?> node) {
        return node.past != null && node.past.floored;
    }

    private void park(Node<K> node, String reason, long now) {
        Past past = node.past();
        past.parkedFor = reason;
        past.parkedAt = now;
        node.phase = Phase.PARKED;
        parked.add(node);
    }

    /** Gives the key a deadline; of two the nearer. */
    private void delay(Node<K> node, long deadline) {
        if (node.phase == Phase.DELAYED) {
            if (deadline - node.deadline < 0) {
                delayed.move(node, deadline);
            }
            return;
        }
        parked.remove(node);
        node.phase = Phase.DELAYED;
        delayed.add(node, deadline);
    }

    private void await(Node<K> node) {
        if (node.phase == Phase.DELAYED) {
            delayed.remove(node);
        }
        parked.remove(node);
        node.phase = Phase.WAITING;
        waiting.add(node);
    }
}
