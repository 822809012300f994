package org.corestack.reconcile;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How a controller deals with its sources, under simulated time. */
class FeedTest {
    private static final UnaryOperator<ControllerBuilder<String>> DEFAULTS = UnaryOperator.identity();

    private final ScriptedSource source = new ScriptedSource();
    private final List<String> failures = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();

    private Simulation simulation() {
        return simulation(DEFAULTS, (key, context) -> Result.done());
    }

    private Simulation simulation(UnaryOperator<ControllerBuilder<String>> choices, Reconciler<String> reconciler) {
        ControllerListener<String> listener = new ControllerListener<>() {
            @Override
            public void onSourceFailed(KeySource<String> failed, Throwable error, Duration retryIn) {
                failures.add(failed + ": " + error.getMessage());
                delays.add(retryIn);
            }
        };
        return new Simulation(1, source, builder -> choices.apply(builder).listener(listener), reconciler);
    }

    @Test
    void itSubscribesBeforeItListsSoThatNothingFallsBetween() {
        source.memory.put("listed");
        source.onListed = () -> {
            // Too late for the list, so only the subscription can know.
            source.memory.put("between");
            return null;
        };
        try (Simulation simulation = simulation()) {
            assertThat(source.calls).containsExactly("subscribe", "list");
            assertThat(simulation.history("listed")).hasSize(1);
            assertThat(simulation.history("between")).hasSize(1);
        }
        assertThat(source.calls).endsWith("close");
    }

    @Test
    void aSubscriptionThatFailsIsTriedAgainWithBackOff() {
        source.memory.put("a");
        source.onSubscribe = ScriptedSource.failing(4);
        try (Simulation simulation = simulation()) {
            simulation.advance(ofSeconds(10));
            assertThat(source.calls)
                    .containsExactly("subscribe", "subscribe", "subscribe", "subscribe", "subscribe", "list");
            assertThat(simulation.history("a")).hasSize(1);
            assertThat(failures).hasSize(4).containsOnly("scripted: not now");
            assertThat(delays.get(0)).isBetween(ofMillis(160), ofMillis(200));
            assertThat(delays.get(3)).isBetween(ofMillis(1280), ofMillis(1600));
        }
    }

    @Test
    void aListThatFailsHalfwayIsTriedAgainUnderTheSameSubscription() {
        for (int i = 0; i < 10; i++) {
            source.memory.put("key-" + i);
        }
        int[] left = {5};
        source.onNext = () -> {
            if (left[0]-- == 0) {
                throw new java.io.IOException("cut");
            }
            return null;
        };
        try (Simulation simulation = simulation()) {
            assertThat(simulation.history()).hasSize(5);
            simulation.advance(ofSeconds(1));
            assertThat(source.calls).containsExactly("subscribe", "list", "list");
            assertThat(failures).containsExactly("scripted: cut");
            assertThat(simulation.history().stream()
                            .map(Simulation.Ran::key)
                            .distinct()
                            .count())
                    .isEqualTo(10);
        }
    }

    @Test
    void aSubscriptionThatBreaksIsClosedAndMadeAnew() {
        try (Simulation simulation = simulation()) {
            source.memory.fail(new java.io.IOException("gone"));
            KeySink<String> old = source.sink;
            simulation.drain();
            assertThat(failures).containsExactly("scripted: gone");
            old.changed("late", 0);
            old.failed(new java.io.IOException("again"));
            source.memory.put("unseen");
            simulation.advance(ofSeconds(1));
            assertThat(source.calls).containsExactly("subscribe", "list", "close", "subscribe", "list");
            assertThat(simulation.history()).extracting(Simulation.Ran::key).containsExactly("unseen");
            assertThat(failures).hasSize(1);
        }
    }

    @Test
    void aSourceThatBreaksAgainAndAgainIsNotTriedHot() {
        source.onListed = () -> {
            source.sink.failed(new java.io.IOException("gone"));
            return null;
        };
        try (Simulation simulation = simulation()) {
            simulation.advance(ofMinutes(10));
            assertThat(failures).hasSizeBetween(20, 40);
            source.onListed = () -> null;
            simulation.advance(ofMinutes(2));
            int calm = failures.size();
            source.memory.fail(new java.io.IOException("once"));
            simulation.drain();
            assertThat(failures).hasSize(calm + 1);
            assertThat(delays.get(calm)).as("after a calm time it begins anew").isLessThanOrEqualTo(ofMillis(200));
        }
    }

    @Test
    void relistsAreFoldedIntoOneThatBeginsAfterThem() {
        try (Simulation simulation = simulation()) {
            source.sink.relist();
            source.sink.relist();
            source.sink.relist();
            simulation.drain();
            assertThat(source.calls).containsExactly("subscribe", "list", "list");
            int[] left = {1};
            source.onListed = () -> {
                if (left[0]-- > 0) {
                    source.sink.relist(); // The list that runs is too old already.
                }
                return null;
            };
            source.sink.relist();
            simulation.drain();
            assertThat(source.calls).hasSize(5);
        }
    }

    @Test
    void aRelistBringsBackAParkedKeyWhoseEntryIsGone() {
        try (Simulation simulation = simulation(DEFAULTS, (key, context) -> Result.park("no use"))) {
            source.memory.put("a");
            simulation.drain();
            assertThat(simulation.controller.parked()).hasSize(1);
            simulation.clear();
            source.gone = true;
            source.sink.relist();
            simulation.drain();
            assertThat(simulation.history("a")).hasSize(1);
        }
    }

    @Test
    void aNullKeyIsAFailureOfTheSource() {
        try (Simulation simulation = simulation()) {
            source.sink.changed(null, 0);
            simulation.advance(ofSeconds(1));
            assertThat(failures).containsExactly("scripted: source scripted reported null for a key");
            source.memory.put("a");
            simulation.drain();
            assertThat(simulation.history("a")).hasSize(1);
        }
    }

    @Test
    void aNullSubscriptionOrListIsAFailureOfTheSource() {
        int[] nulls = {2};
        KeySource<String> careless = new KeySource<>() {
            @Override
            public Keys<String> keys() {
                return nulls[0]-- > 0 ? null : Keys.of(List.of("a"));
            }

            @Override
            public KeySubscription subscribe(KeySink<String> sink) {
                return nulls[0]-- > 0 ? null : () -> {};
            }
        };
        try (Simulation simulation = simulation(builder -> builder.source(careless), (key, context) -> Result.done())) {
            simulation.advance(ofSeconds(5));
            assertThat(failures).hasSize(2);
            assertThat(simulation.history("a")).hasSize(1);
        }
    }

    @Test
    void twoSourcesFeedOneController() {
        MemorySource<String> second = new MemorySource<>();
        second.put("both");
        source.memory.put("both");
        try (Simulation simulation = simulation(builder -> builder.source(second), (key, context) -> Result.done())) {
            second.put("b");
            source.memory.put("a");
            simulation.drain();
            assertThat(simulation.history("a")).hasSize(1);
            assertThat(simulation.history("b")).hasSize(1);
            assertThat(simulation.history("both")).isNotEmpty();
        }
    }

    @Test
    void aSourceThatCanNotCloseDoesNotHoldUpTheEnd() {
        KeySource<String> stubborn = new KeySource<>() {
            @Override
            public Keys<String> keys() {
                return Keys.of(List.of());
            }

            @Override
            public KeySubscription subscribe(KeySink<String> sink) {
                return () -> {
                    throw new IllegalStateException("won't");
                };
            }
        };
        Simulation simulation = simulation(builder -> builder.source(stubborn), (key, context) -> Result.done());
        simulation.close();
        assertThat(source.calls).endsWith("close");
    }
}
