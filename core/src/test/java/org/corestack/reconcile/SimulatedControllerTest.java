package org.corestack.reconcile;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A controller under simulated time: how often it runs what, measured. */
class SimulatedControllerTest {
    private static final UnaryOperator<ControllerBuilder<String>> DEFAULTS = UnaryOperator.identity();
    private static final Backoff RETRY = Backoff.exponential(ofMillis(200), ofMinutes(5));

    private static Result boom() throws Exception {
        throw new java.io.IOException("boom");
    }

    @Test
    void aHundredEventsDoNotMultiplyADelay() {
        try (Simulation simulation =
                new Simulation(1, DEFAULTS, (key, context) -> Result.requeueAfter(ofMillis(200)))) {
            for (int i = 0; i < 100; i++) {
                simulation.source.put("a");
                simulation.advance(ofMillis(1));
            }
            assertThat(simulation.history()).hasSize(100);
            for (int second = 0; second < 10; second++) {
                simulation.clear();
                simulation.advance(ofSeconds(1));
                assertThat(simulation.history().size()).isBetween(4, 6);
            }
            assertThat(simulation.controller.stats().delayed()).isEqualTo(1);
        }
    }

    @Test
    void aHundredEventsDoNotMultiplyARetry() {
        try (Simulation simulation = new Simulation(1, b -> b.retry(fixed(200)), (key, context) -> boom())) {
            for (int i = 0; i < 100; i++) {
                simulation.source.put("a");
                simulation.drain();
            }
            simulation.clear();
            simulation.advance(ofSeconds(1));
            assertThat(simulation.history().size()).isBetween(4, 6);
        }
    }

    @Test
    void failuresComeBackLaterAndLaterWithoutHurry() {
        try (Simulation simulation = new Simulation(2, b -> b.retry(RETRY), (key, context) -> boom())) {
            simulation.source.put("a");
            simulation.advance(ofHours(2));
            List<Duration> gaps = simulation.gaps("a");
            Duration longest = ofMillis(200);
            for (Duration gap : gaps) {
                assertThat(gap).isBetween(longest.multipliedBy(79).dividedBy(100), longest);
                longest = longest.multipliedBy(2).compareTo(ofMinutes(5)) < 0 ? longest.multipliedBy(2) : ofMinutes(5);
            }
            assertThat(gaps).hasSizeBetween(30, 45);
            assertThat(gaps.stream().distinct().count())
                    .as("they are spread by chance")
                    .isGreaterThan(25);
        }
    }

    @Test
    void retriesOfKeysThatFailedTogetherDoNotComeTogether() {
        try (Simulation simulation = new Simulation(3, b -> b.retry(RETRY), (key, context) -> boom())) {
            for (int i = 0; i < 100; i++) {
                simulation.source.put("key-" + i);
            }
            simulation.advance(ofMillis(300));
            assertThat(simulation.history().stream()
                            .map(Simulation.Ran::at)
                            .distinct()
                            .count())
                    .isGreaterThan(90);
        }
    }

    @Test
    void aStreamOfNewsDoesNotDriveAKeyThatFails() {
        try (Simulation simulation = new Simulation(4, b -> b.retry(RETRY), (key, context) -> boom())) {
            for (int i = 0; i < 10_000; i++) {
                simulation.source.put("a");
                simulation.advance(ofMillis(1));
            }
            // Ten seconds: one run per first delay, which chance may shorten to 160 ms.
            assertThat(simulation.history().size()).isBetween(50, 64);
            assertThat(simulation.history().stream().map(Simulation.Ran::attempt))
                    .as("each is news")
                    .containsOnly(1);
        }
    }

    @Test
    void newsDuringALongBackOffRunsAtOnceWithANewBudget() {
        try (Simulation simulation = new Simulation(5, b -> b.retry(RETRY), (key, context) -> boom())) {
            simulation.source.put("a");
            simulation.advance(ofMinutes(10));
            simulation.clear();
            simulation.source.put("a");
            Duration now = simulation.elapsed();
            simulation.drain();
            assertThat(simulation.history()).containsExactly(new Simulation.Ran("a", now, 1));
            simulation.advance(ofMillis(200));
            assertThat(simulation.history()).hasSize(2);
        }
    }

    @Test
    void ownWritesKeepTheBudgetAndAnothersGivesANewOne() {
        Simulation[] self = new Simulation[1];
        long[] stamp = {0};
        Reconciler<String> writer = (key, context) -> {
            // It says in the entry that it failed, and the feed brings that back: sometimes sooner, sometimes later.
            stamp[0]++;
            if (stamp[0] % 2 == 0) {
                self[0].source.put(key, stamp[0]);
            }
            context.wrote(stamp[0]);
            throw new IllegalStateException("no");
        };
        UnaryOperator<ControllerBuilder<String>> parking = b -> b.retry(RETRY.parkAfter(20));
        try (Simulation simulation = new Simulation(6, parking, writer)) {
            self[0] = simulation;
            simulation.source.put("a", 1_000);
            for (int i = 0; i < 200; i++) {
                simulation.advance(ofMinutes(1));
                for (long seen = Math.max(1, stamp[0] - 3); seen <= stamp[0]; seen++) {
                    simulation.source.put("a", seen);
                }
            }
            assertThat(simulation.history()).hasSize(20);
            List<ParkedKey<String>> parked = simulation.controller.parked();
            assertThat(parked).hasSize(1);
            assertThat(parked.get(0).key()).isEqualTo("a");
            assertThat(parked.get(0).failures()).isEqualTo(20);
            assertThat(parked.get(0).lastError()).hasMessage("no");
            simulation.source.put("a", 1_001);
            simulation.advance(ofSeconds(1));
            assertThat(simulation.history().size()).isGreaterThan(22);
            assertThat(simulation.controller.parked()).isEmpty();
        }
    }

    @Test
    void anOwnWriteDoesNotTurnADelayIntoAHotLoop() {
        Simulation[] self = new Simulation[1];
        long[] stamp = {0};
        Reconciler<String> writer = (key, context) -> {
            context.wrote(++stamp[0]);
            self[0].source.put(key, stamp[0]);
            return Result.requeueAfter(ofSeconds(10));
        };
        try (Simulation simulation = new Simulation(7, DEFAULTS, writer)) {
            self[0] = simulation;
            simulation.controller.enqueue("a");
            simulation.advance(ofMinutes(1));
            assertThat(simulation.history()).hasSize(7);
        }
    }

    @Test
    void aJumpOfTheWallClockChangesNothing() {
        try (Simulation simulation = new Simulation(8, b -> b.retry(RETRY.parkAfter(5)), (key, context) -> boom())) {
            simulation.source.put("a");
            simulation.advance(ofMillis(500));
            simulation.host.stepWallClock(ofHours(1));
            simulation.advance(ofMillis(500));
            simulation.host.stepWallClock(ofHours(-2));
            simulation.advance(ofSeconds(10));
            assertThat(simulation.history()).hasSize(5);
            assertThat(simulation.gaps("a")).allMatch(gap -> gap.compareTo(ofSeconds(4)) < 0);
            // Nine seconds or so ago, by the clock as it stands now.
            Duration parkedFor =
                    Duration.between(simulation.controller.parked().get(0).since(), simulation.host.instant());
            assertThat(parkedFor).isBetween(ofSeconds(7), ofSeconds(11));
        }
    }

    @Test
    void aClockThatMovesBetweenReadingAndArmingLosesNoDeadline() {
        try (Simulation simulation = new Simulation(9, DEFAULTS, (key, context) -> Result.requeueAfter(ofMillis(50)))) {
            simulation.source.put("a");
            simulation.host.passWithEachReading(ofMillis(3));
            simulation.advance(ofSeconds(60));
            simulation.host.passWithEachReading(Duration.ZERO);
            assertThat(simulation.gaps("a")).isNotEmpty().allMatch(gap -> gap.compareTo(ofMillis(100)) < 0);
        }
    }

    @Test
    void tenThousandDelaysAtOnceAllEnd() {
        try (Simulation simulation = new Simulation(
                10,
                DEFAULTS,
                (key, context) -> context.observed() == 1 ? Result.requeueAfter(ofDays(1)) : Result.done())) {
            for (int i = 0; i < 10_000; i++) {
                simulation.source.put("key-" + i, 1);
            }
            simulation.drain();
            assertThat(simulation.controller.stats().delayed()).isEqualTo(10_000);
            simulation.clear();
            simulation.advance(ofDays(1).minus(ofNanos(1)));
            assertThat(simulation.history()).isEmpty();
            simulation.advance(ofNanos(1));
            assertThat(simulation.history())
                    .extracting(Simulation.Ran::key)
                    .doesNotHaveDuplicates()
                    .hasSize(10_000);
        }
    }

    @Test
    void whatIsAskedForRunsInTime() {
        try (Simulation simulation = new Simulation(11, DEFAULTS, (key, context) -> Result.done())) {
            simulation.controller.enqueueAfter("a", ofSeconds(5));
            simulation.controller.enqueueAfter("a", ofSeconds(3));
            simulation.controller.enqueueAfter("a", ofSeconds(4));
            simulation.controller.enqueueAfter("b", ofSeconds(-1));
            simulation.advance(ofSeconds(20));
            assertThat(simulation.history())
                    .containsExactly(
                            new Simulation.Ran("b", Duration.ZERO, 1), new Simulation.Ran("a", ofSeconds(3), 1));
        }
    }

    @Test
    void aDelayInThePastIsNone() {
        List<Long> seen = new ArrayList<>();
        try (Simulation simulation = new Simulation(12, DEFAULTS, (key, context) -> {
            seen.add(context.observed());
            return seen.size() < 3 ? Result.requeueAfter(ofSeconds(-3)) : Result.done();
        })) {
            simulation.source.put("a", 42);
            simulation.drain();
            assertThat(seen).containsExactly(42L, 42L, 42L);
            assertThat(simulation.elapsed()).isZero();
        }
    }

    @Test
    void aResyncRunsEveryKeyAgain() {
        try (Simulation simulation =
                new Simulation(13, b -> b.resyncEvery(ofMinutes(10)), (key, context) -> Result.done())) {
            simulation.source.put("a");
            simulation.advance(ofHours(1));
            assertThat(simulation.history("a").size()).isBetween(6, 8);
            assertThat(simulation.gaps("a")).allMatch(gap -> gap.compareTo(ofMinutes(9)) >= 0);
        }
    }

    @Test
    void anErrorIsAFailureLikeAnyOther() {
        try (Simulation simulation = new Simulation(16, DEFAULTS, (key, context) -> {
            if (context.attempt() == 1) {
                throw new AssertionError("boom");
            }
            return Result.done();
        })) {
            simulation.source.put("a");
            simulation.advance(ofSeconds(1));
            assertThat(simulation.history("a")).hasSize(2);
            assertThat(simulation.controller.stats()).isEqualTo(new ControllerStats(0, 0, 0, 0, 2, 1));
        }
    }

    @Test
    void keysRunOnceThereAreThreadsAgain() {
        try (Simulation simulation = new Simulation(15, b -> b.workers(3), (key, context) -> Result.done())) {
            simulation.host.refuse(4);
            for (int i = 0; i < 10; i++) {
                simulation.source.put("key-" + i);
            }
            simulation.scripted.sink.relist();
            simulation.advance(ofSeconds(10));
            assertThat(simulation.history().stream()
                            .map(Simulation.Ran::key)
                            .distinct()
                            .count())
                    .isEqualTo(10);
            assertThat(simulation.scripted.calls).containsExactly("subscribe", "list", "list");
        }
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        List<List<Simulation.Ran>> histories = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (Simulation simulation = new Simulation(14, DEFAULTS, (key, context) -> boom())) {
                for (int key = 0; key < 50; key++) {
                    simulation.source.put("key-" + key);
                }
                simulation.advance(ofMinutes(1));
                histories.add(simulation.history());
            }
        }
        assertThat(histories.get(0)).isEqualTo(histories.get(1)).hasSizeGreaterThan(300);
    }

    private static Backoff fixed(long millis) {
        return new Backoff(ofMillis(millis), ofMillis(millis), 1, 0, 0);
    }
}
