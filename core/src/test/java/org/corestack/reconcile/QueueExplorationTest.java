package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.corestack.reconcile.QueueWorld.Event;
import org.junit.jupiter.api.Test;

/** Every order of events in a small world, up to a depth, against the model; worlds with the same future once. */
class QueueExplorationTest {

    /** A world that was reached: the way there, shared with those that it came from. */
    private record Step(Step before, Event event, int depth) {
        List<Event> path() {
            ArrayDeque<Event> path = new ArrayDeque<>();
            for (Step step = this; step.event != null; step = step.before) {
                path.addFirst(step.event);
            }
            return new ArrayList<>(path);
        }
    }

    @Test
    void oneKeyToTheEnd() {
        int worlds = explore(List.of("a"), 1, 14);
        assertThat(worlds).isGreaterThan(1_000);
    }

    @Test
    void twoKeysAndTwoWorkers() {
        int worlds = explore(List.of("a", "b"), 2, 8);
        assertThat(worlds).isGreaterThan(4_000);
    }

    @Test
    void threeKeysAndTwoWorkers() {
        int worlds = explore(List.of("a", "b", "c"), 2, 6);
        assertThat(worlds).isGreaterThan(4_000);
    }

    private static int explore(List<String> keys, int workers, int depth) {
        List<Event> events = new ArrayList<>(QueueWorld.GLOBAL);
        keys.forEach(key -> events.addAll(QueueWorld.of(key)));
        Set<String> seen = new HashSet<>();
        ArrayDeque<Step> open = new ArrayDeque<>(List.of(new Step(null, null, 0)));
        while (!open.isEmpty()) {
            Step step = open.poll();
            List<Event> path = step.path();
            for (Event event : events) {
                QueueWorld world = replay(path, event, workers, keys);
                if (seen.add(world.model.signature(keys, world.time())) && step.depth + 1 < depth) {
                    open.add(new Step(step, event, step.depth + 1));
                }
            }
        }
        return seen.size();
    }

    private static QueueWorld replay(List<Event> path, Event last, int workers, List<String> keys) {
        QueueWorld world = new QueueWorld(workers);
        path.forEach(event -> event.doing().in(world, event.key()));
        try {
            last.doing().in(world, last.key());
            world.compare(keys);
        } catch (AssertionError | RuntimeException error) {
            throw new AssertionError("after " + path + " then " + last + ": " + error.getMessage(), error);
        }
        return world;
    }
}
