package org.corestack.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The host's clock in microseconds, which processes of one machine share. */
final class Micros {
    private Micros() {}

    static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
