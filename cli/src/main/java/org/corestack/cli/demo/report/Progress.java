package org.corestack.cli.demo.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far the work has come.
 *
 * @param records how many records there are
 * @param done how many of them are described
 * @param doneNow how many of those were described in this run
 * @param elapsed how long the work has taken so far
 * @param replicas one for each replica, in the order of their starts
 */
public record Progress(int records, int done, int doneNow, Duration elapsed, List<Row> replicas) {
    /** Copies the list. */
    public Progress {
        replicas = List.copyOf(replicas);
    }

    /**
     * A replica's part.
     *
     * @param name its name
     * @param results how many descriptions it has written
     * @param active how long it has been at work
     * @param state one word, such as {@code working}
     */
    public record Row(String name, long results, Duration active, String state) {
        /** How many descriptions it writes a second, on average. */
        public double perSecond() {
            return Progress.perSecond(results, active);
        }
    }

    /** How many records all replicas do a second, on average. */
    public double perSecond() {
        return perSecond(doneNow, elapsed);
    }

    /** How long the rest will take at this rate; empty while there is no rate yet. */
    public Optional<Duration> left() {
        double rate = perSecond();
        return rate <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) (1000 * (records - done) / rate)));
    }

    /** The rate of a count in a time; 0 where either is 0. */
    public static double perSecond(long count, Duration time) {
        return time.toNanos() <= 0 ? 0 : count * 1e9 / time.toNanos();
    }
}
