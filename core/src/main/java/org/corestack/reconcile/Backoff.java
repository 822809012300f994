package org.corestack.reconcile;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.corestack.errors.CoreException;

/**
 * How a key that fails is retried: delays that grow, spread by chance, and a budget of tries after which the key is
 * parked. Immutable.
 *
 * @param initial the longest first delay, above zero
 * @param max what no delay is longer than, at least {@code initial}
 * @param multiplier what each delay is longer than the one before, at least 1
 * @param jitter the share of a delay, 0 to 1, by which chance may shorten it, so that keys that failed together don't
 *     come back together
 * @param parkAfter how many failures in a row park the key; 0 for never
 */
public record Backoff(Duration initial, Duration max, double multiplier, double jitter, int parkAfter) {

    /** Above this, 73 years, a delay is as good as endless; far from where the arithmetic of nanoseconds overflows. */
    private static final long LONGEST = Long.MAX_VALUE / 4;

    /** Checks the values. INVALID_ARGUMENT names the one that is wrong. */
    public Backoff {
        Objects.requireNonNull(initial, "initial");
        Objects.requireNonNull(max, "max");
        if (initial.isNegative() || initial.isZero()) {
            throw CoreException.invalidArgument("a back-off's first delay must be above zero, not " + initial);
        }
        if (max.compareTo(initial) < 0) {
            throw CoreException.invalidArgument(
                    "a back-off's longest delay must be at least its first, " + initial + ", not " + max);
        }
        if (!(multiplier >= 1) || Double.isInfinite(multiplier)) {
            throw CoreException.invalidArgument("a back-off's multiplier must be 1 or more, not " + multiplier);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw CoreException.invalidArgument("a back-off's jitter must be from 0 to 1, not " + jitter);
        }
        if (parkAfter < 0) {
            throw CoreException.invalidArgument("parkAfter must be 1 or more, or 0 for never, not " + parkAfter);
        }
    }

    /**
     * Delays that double from a first one up to a longest, each shortened by chance by up to a fifth. A key is never
     * parked, however often it fails, unless {@link #parkAfter(int)} says so.
     *
     * @param initial the first delay, above zero
     * @param max the longest delay
     * @return the back-off
     */
    public static Backoff exponential(Duration initial, Duration max) {
        return new Backoff(initial, max, 2, 0.2, 0);
    }

    /**
     * The same with another growth.
     *
     * @param multiplier what each delay is longer than the one before, at least 1
     * @return a copy
     */
    public Backoff withMultiplier(double multiplier) {
        return new Backoff(initial, max, multiplier, jitter, parkAfter);
    }

    /**
     * The same with another spread.
     *
     * @param jitter the share of a delay, 0 to 1, by which chance may shorten it
     * @return a copy
     */
    public Backoff withJitter(double jitter) {
        return new Backoff(initial, max, multiplier, jitter, parkAfter);
    }

    /**
     * The same with a budget: a key that has failed so often in a row is parked.
     *
     * @param failures 1 or more
     * @return a copy
     */
    public Backoff parkAfter(int failures) {
        if (failures < 1) {
            throw CoreException.invalidArgument("parkAfter must be 1 or more, not " + failures);
        }
        return new Backoff(initial, max, multiplier, jitter, failures);
    }

    /** A delay drawn by chance, in nanoseconds: the first for {@code step} 1. Always above zero. */
    long nanos(int step, double shortened) {
        double grown = (double) nanos(initial) * Math.pow(multiplier, Math.max(0, step - 1));
        double bounded = Math.min(grown, (double) nanos(max));
        return Math.max(1, (long) (bounded * (1 - shortened)));
    }

    /** The share by which chance shortens one delay. */
    double draw(RandomGenerator random) {
        return jitter * random.nextDouble();
    }

    /** The nanoseconds of a duration, bounded: none for a negative one, and never so many that sums overflow. */
    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofNanos(LONGEST)) > 0 ? LONGEST : duration.toNanos();
    }
}
