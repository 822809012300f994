package org.corestack.cli.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.corestack.cli.progress.Progress;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void summaryIsOneJsonObject() {
        assertThat(summary(0, 0).toJson())
                .isEqualTo("{\"records\":3,\"results\":3,\"lost\":0,\"duplicates\":0,\"collisions\":7,"
                        + "\"takeoverMillis\":640,\"perSecond\":1.5,\"replicas\":2}");
    }

    @Test
    void proofHoldsOnlyIfNothingIsLostOrDoneTwice() {
        assertThat(summary(0, 0).holds()).isTrue();
        assertThat(summary(1, 0).holds()).isFalse();
        assertThat(summary(0, 1).holds()).isFalse();
        assertThat(SummaryText.lines(summary(1, 0), StandardCharsets.UTF_8))
                .contains("Proof: one thread recomputed the whole answer; lost 1, duplicates 0: IT DOES NOT HOLD")
                .last()
                .isEqualTo("  descriptions 0061 is missing");
    }

    @Test
    void whatTheOutputCannotShowIsWrittenOut() {
        assertThat(SummaryText.lines(summary(0, 0), StandardCharsets.US_ASCII)).contains("  a = \\u{0430}");
        assertThat(SummaryText.lines(summary(0, 0), StandardCharsets.UTF_8)).contains("  a = \u0430");
    }

    private static Summary summary(long lost, long duplicates) {
        return new Summary(
                3,
                3,
                2,
                lost,
                duplicates,
                7,
                3,
                Duration.ofSeconds(2),
                Optional.of(Duration.ofMillis(640)),
                2,
                List.of(new Progress.Row("r1", 3, Duration.ofSeconds(2), "done")),
                List.of("a = \u0430"),
                lost == 0 ? List.of() : List.of("descriptions 0061 is missing"));
    }
}
