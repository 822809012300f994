package org.corestack.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A controller under simulated time, with one source in memory and a history of what it ran. */
final class Simulation implements AutoCloseable {
    /** One run, begun so long after the start. */
    record Ran(String key, Duration at, int attempt) {}

    final ScriptedSource scripted;
    final MemorySource<String> source;
    final SimulatedHost host;
    final Controller<String> controller;
    private final List<Ran> history = new ArrayList<>();
    private final long start;

    Simulation(long seed, UnaryOperator<ControllerBuilder<String>> choices, Reconciler<String> reconciler) {
        this(seed, new ScriptedSource(), choices, reconciler);
    }

    Simulation(
            long seed,
            ScriptedSource scripted,
            UnaryOperator<ControllerBuilder<String>> choices,
            Reconciler<String> reconciler) {
        RandomGenerator random = new SplittableRandom(seed);
        this.scripted = scripted;
        source = scripted.memory;
        host = new SimulatedHost(random);
        start = host.nanos();
        controller = choices.apply(Controller.named("simulated").source(scripted))
                .start(
                        (key, context) -> {
                            history.add(new Ran(key, elapsed(), context.attempt()));
                            return reconciler.reconcile(key, context);
                        },
                        host,
                        random);
        host.drain();
    }

    Duration elapsed() {
        return Duration.ofNanos(host.nanos() - start);
    }

    void advance(Duration by) {
        host.advance(by);
    }

    void drain() {
        host.drain();
    }

    List<Ran> history() {
        return List.copyOf(history);
    }

    List<Ran> history(String key) {
        return history.stream().filter(ran -> ran.key().equals(key)).toList();
    }

    /** The times from each run of a key to its next. */
    List<Duration> gaps(String key) {
        List<Ran> runs = history(key);
        List<Duration> gaps = new ArrayList<>();
        for (int i = 1; i < runs.size(); i++) {
            gaps.add(runs.get(i).at().minus(runs.get(i - 1).at()));
        }
        return gaps;
    }

    void clear() {
        history.clear();
    }

    @Override
    public void close() {
        host.drain();
        host.beginInline();
        controller.close();
    }
}
