package org.corestack.cli.progress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far the work has come.
 *
 * @param what what is made, such as {@code descriptions}
 * @param all how many there will be
 * @param done how many of them are made
 * @param doneNow how many of those were made in this run
 * @param elapsed how long the work has taken so far
 * @param parts one for each of those that share the work, if several do
 */
public record Progress(String what, long all, long done, long doneNow, Duration elapsed, List<Row> parts) {
    /** Copies the list. */
    public Progress {
        parts = List.copyOf(parts);
    }

    /**
     * A part of the work.
     *
     * @param name whose it is
     * @param results how many it has made
     * @param active how long it has been at work
     * @param state one word, such as {@code working}
     */
    public record Row(String name, long results, Duration active, String state) {
        /** How many it makes a second, on average. */
        public double perSecond() {
            return Progress.perSecond(results, active);
        }
    }

    /** How many all parts make a second, on average. */
    public double perSecond() {
        return perSecond(doneNow, elapsed);
    }

    /** How long the rest will take at this rate; empty while there is no rate yet. */
    public Optional<Duration> left() {
        double rate = perSecond();
        return rate <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) (1000 * (all - done) / rate)));
    }

    /** The rate of a count in a time; 0 where either is 0. */
    public static double perSecond(long count, Duration time) {
        return time.toNanos() <= 0 ? 0 : count * 1e9 / time.toNanos();
    }
}
