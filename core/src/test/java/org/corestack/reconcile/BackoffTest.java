package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Backoff SECONDS = Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(10));

    @Test
    void delaysDoubleUpToTheLongest() {
        long[] wanted = {1, 2, 4, 8, 10, 10};
        for (int step = 1; step <= wanted.length; step++) {
            assertThat(SECONDS.nanos(step, 0))
                    .isEqualTo(Duration.ofSeconds(wanted[step - 1]).toNanos());
        }
        assertThat(SECONDS.nanos(Integer.MAX_VALUE, 0))
                .isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void chanceShortensByAFifthAtMostAndSpreads() {
        SplittableRandom random = new SplittableRandom(5);
        double least = 1;
        double most = 0;
        for (int i = 0; i < 1_000; i++) {
            double drawn = SECONDS.draw(random);
            least = Math.min(least, drawn);
            most = Math.max(most, drawn);
        }
        assertThat(least).isBetween(0.0, 0.01);
        assertThat(most).isBetween(0.19, 0.2);
    }

    @Test
    void aDelayIsNeverNoneAndNeverOverflows() {
        assertThat(SECONDS.withJitter(1).nanos(1, 1)).isEqualTo(1);
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThat(Backoff.exponential(endless, endless).nanos(50, 0)).isPositive();
        assertThat(Backoff.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
    }

    @Test
    void keysAreNeverParkedUnlessAsked() {
        assertThat(SECONDS.parkAfter()).isZero();
        assertThat(SECONDS.parkAfter(20).parkAfter()).isEqualTo(20);
        assertThat(SECONDS.withMultiplier(3).multiplier()).isEqualTo(3);
    }

    @Test
    void wrongValuesAreRefused() {
        Duration one = Duration.ofSeconds(1);
        refused(() -> Backoff.exponential(Duration.ZERO, one), "above zero");
        refused(() -> Backoff.exponential(one, Duration.ofMillis(1)), "at least its first");
        refused(() -> SECONDS.withMultiplier(0.5), "1 or more");
        refused(() -> SECONDS.withMultiplier(Double.NaN), "1 or more");
        refused(() -> SECONDS.withJitter(1.1), "0 to 1");
        refused(() -> SECONDS.withJitter(Double.NaN), "0 to 1");
        refused(() -> SECONDS.parkAfter(0), "1 or more");
        refused(() -> new Backoff(one, one, 2, 0, -1), "parkAfter");
    }

    private static void refused(Runnable call, String says) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(says);
    }
}
