package org.corestack.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The same work done in turns by the library and by hand. Who goes first changes from round to round, so that what the
 * machine does besides hits both.
 */
final class Pair {
    private static final int WARM_ROUNDS = 10;

    private final Histogram ours = new Histogram(3);
    private final Histogram theirs = new Histogram(3);
    private final List<Double> ratios = new ArrayList<>();

    /** One piece of work, done with a number that no other round uses. */
    interface Piece {
        void run(StoreWork work, int number) throws Exception;
    }

    /** Does the work of some rounds, each of so many pieces. */
    static Figures measure(StoreWork library, StoreWork byHand, int rounds, int pieces, Piece piece) throws Exception {
        Pair warm = new Pair(); // what is compiled while it is measured is not what a service has
        int before = pieces == 1 ? 1 : WARM_ROUNDS;
        for (int round = 0; round < before; round++) {
            warm.round(library, byHand, round, pieces, piece);
        }
        Pair pair = new Pair();
        for (int round = before; round < before + rounds; round++) {
            pair.round(library, byHand, round, pieces, piece);
        }
        return pair.figures();
    }

    private void round(StoreWork library, StoreWork byHand, int round, int pieces, Piece piece) throws Exception {
        Histogram first = new Histogram(3);
        Histogram second = new Histogram(3);
        boolean swap = round % 2 == 1;
        time(swap ? byHand : library, round, pieces, piece, swap ? second : first);
        time(swap ? library : byHand, round, pieces, piece, swap ? first : second);
        ours.add(first);
        theirs.add(second);
        ratios.add((double) first.getValueAtPercentile(50) / second.getValueAtPercentile(50));
    }

    private static void time(StoreWork work, int round, int pieces, Piece piece, Histogram into) throws Exception {
        for (int i = 0; i < pieces; i++) {
            long began = System.nanoTime();
            piece.run(work, round * pieces + i);
            into.recordValue(System.nanoTime() - began);
        }
    }

    private Figures figures() {
        return new Figures(
                micros(ours, 50),
                micros(ours, 99),
                micros(theirs, 50),
                micros(theirs, 99),
                Spread.of(ratios).rounded());
    }

    private static double micros(Histogram histogram, double percentile) {
        return Math.round(histogram.getValueAtPercentile(percentile) / 100.0) / 10.0;
    }

    /**
     * What came of it, in microseconds.
     *
     * @param ratio of the medians of each round, the library's to the one by hand
     */
    record Figures(double p50, double p99, double byHandP50, double byHandP99, Spread ratio) {}
}
