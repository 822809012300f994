package org.corestack.benchmarks;

import java.util.List;

/** The median of some rounds, between the smallest and the largest. */
record Spread(double min, double median, double max) {
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return new Spread(sorted.get(0), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }

    /** To two digits behind the point. */
    Spread rounded() {
        return new Spread(round(min), round(median), round(max));
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    @Override
    public String toString() {
        return String.format("%.2f (%.2f to %.2f)", median, min, max);
    }
}
