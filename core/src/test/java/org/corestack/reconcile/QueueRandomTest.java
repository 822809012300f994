package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.corestack.reconcile.QueueWorld.Event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long histories of events by chance, against the model, and checked for what they promise without it. */
class QueueRandomTest {
    private static final List<String> KEYS = List.of("a", "b", "c", "d");
    private static final int WORKERS = 2;

    static Stream<Long> seeds() {
        // The fixed ones find again what they found before, the last is new each time and named by the report.
        return Stream.concat(
                LongStream.range(0, 100).boxed(),
                Stream.of(ThreadLocalRandom.current().nextLong()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithTheModelAndLosesNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            events.add(QueueWorld.GLOBAL.get(0));
            events.add(QueueWorld.GLOBAL.get(1));
        }
        events.add(QueueWorld.GLOBAL.get(2));
        KEYS.forEach(key -> events.addAll(QueueWorld.of(key)));
        QueueWorld world = new QueueWorld(WORKERS);
        History history = new History();
        for (int i = 0; i < 2_000; i++) {
            Event event = events.get(random.nextInt(events.size()));
            List<String> before = List.copyOf(world.model.running);
            event.doing().in(world, event.key());
            history.note(event, before, world);
            world.compare(KEYS);
        }
        history.finish(world);
        assertThat(world.queue.size()).as("what is left when all is done").isZero();
    }

    /** The last news and the last begin of each key, by their place in the history. */
    private static final class History {
        private final Map<String, Integer> news = new HashMap<>();
        private final Map<String, Integer> begun = new HashMap<>();
        private int place;

        void note(Event event, List<String> before, QueueWorld world) {
            place++;
            if (event.name().equals("news")) {
                news.put(event.key(), place);
            }
            world.model.running.stream().filter(key -> !before.contains(key)).forEach(key -> begun.put(key, place));
            assertThat(world.queue.running()).hasSizeLessThanOrEqualTo(WORKERS).doesNotHaveDuplicates();
        }

        /** Everything goes well from here on: each news must have been followed by a run that began after it. */
        void finish(QueueWorld world) {
            for (int i = 0; i < 100; i++) {
                List<String> before = List.copyOf(world.model.running);
                world.take();
                note(QueueWorld.GLOBAL.get(0), before, world);
                List.copyOf(world.model.running).forEach(key -> world.finish(key, Result.done()));
                world.pass(1);
                world.compare(KEYS);
            }
            news.forEach((key, at) -> assertThat(begun.getOrDefault(key, -1))
                    .as("the run of %s after its last news, at %s", key, at)
                    .isGreaterThan(at));
            KEYS.forEach(key -> world.changed(key, 0));
            while (!world.model.waiting.isEmpty()) {
                world.take();
                List.copyOf(world.model.running).forEach(key -> world.finish(key, Result.done()));
            }
        }
    }
}
