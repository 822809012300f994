package org.corestack.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * The choices for a {@link Controller}, each with a default but the source. Not thread-safe. Wrong values are refused with
 * INVALID_ARGUMENT.
 *
 * @param <K> the type of the keys
 */
public final class ControllerBuilder<K> {
    private final String name;
    private final List<KeySource<K>> sources = new ArrayList<>();
    private int workers = 4;
    private Backoff retry = Backoff.exponential(Duration.ofMillis(200), Duration.ofMinutes(5));
    private Duration drainTimeout = Duration.ofSeconds(10);
    private @Nullable Duration resync;
    private ControllerListener<K> listener = new ControllerListener<>() {};

    ControllerBuilder(String name) {
        this.name = name;
    }

    /**
     * Takes keys from one more source.
     *
     * @param source the source
     * @return this
     */
    public ControllerBuilder<K> source(KeySource<K> source) {
        sources.add(Objects.requireNonNull(source, "source"));
        return this;
    }

    /**
     * How many keys are worked on at once, at most. 4 unless said otherwise.
     *
     * @param workers 1 or more
     * @return this
     */
    public ControllerBuilder<K> workers(int workers) {
        if (workers < 1) {
            throw CoreException.invalidArgument("a controller needs at least 1 worker, not " + workers);
        }
        this.workers = workers;
        return this;
    }

    /**
     * How keys that fail are retried. From 200 ms, doubled up to 5 minutes, and never parked, unless said otherwise.
     *
     * @param retry the back-off
     * @return this
     */
    public ControllerBuilder<K> retry(Backoff retry) {
        this.retry = Objects.requireNonNull(retry, "retry");
        return this;
    }

    /**
     * How long {@link Controller#close} waits for what is being worked on before it interrupts it. 10 seconds unless said
     * otherwise.
     *
     * @param timeout zero or more
     * @return this
     */
    public ControllerBuilder<K> drainTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw CoreException.invalidArgument("a drain timeout must not be negative, as " + timeout + " is");
        }
        this.drainTimeout = timeout;
        return this;
    }

    /**
     * Lists the sources again and again, and runs every key that is not failing or parked: a net below sources that lose
     * changes without knowing it, and below a world that changes without saying so. Never, unless said otherwise.
     *
     * @param period the time from one list to the next, shortened by chance by up to a tenth; above zero
     * @return this
     */
    public ControllerBuilder<K> resyncEvery(Duration period) {
        if (period.isNegative() || period.isZero()) {
            throw CoreException.invalidArgument("the time from resync to resync must be above zero, not " + period);
        }
        this.resync = period;
        return this;
    }

    /**
     * Who hears of failures, besides the log.
     *
     * @param listener the listener, instead of the one before
     * @return this
     */
    public ControllerBuilder<K> listener(ControllerListener<K> listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Starts the controller: it subscribes to its sources and lists them in the background, and begins to work. A source
     * that fails is reported and tried again, also at the start.
     *
     * @param reconciler the user's code
     * @return the running controller, to be closed
     */
    public Controller<K> start(Reconciler<K> reconciler) {
        return start(reconciler, new ThreadHost(name, workers), new SplittableRandom());
    }

    /** With other surroundings and another chance, for tests. */
    Controller<K> start(Reconciler<K> reconciler, Host host, RandomGenerator random) {
        Objects.requireNonNull(reconciler, "reconciler");
        return new Controller<>(
                new ControllerOptions<>(name, sources, workers, retry, drainTimeout, resync, listener, random),
                reconciler,
                host);
    }
}
