package org.corestack.cli.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class ProgressTest {
    private final StringWriter out = new StringWriter();

    @Test
    void rateAndTimeLeftAreThoseOfThisRun() {
        Progress progress = new Progress(3_000, 2_000, 1_000, Duration.ofSeconds(4), List.of());
        assertThat(progress.perSecond()).isEqualTo(250);
        assertThat(progress.left()).contains(Duration.ofSeconds(4));
        assertThat(new Progress(10, 0, 0, Duration.ZERO, List.of()).left()).isEmpty();
    }

    @Test
    void eachReplicaHasALineWithABar() {
        assertThat(ProgressText.lines(half(), Ansi.OFF))
                .containsExactly(
                        "r1   [##########--------------------]      1,000       500/s  killed",
                        "r2   [#####-------------------------]        500       125/s  working",
                        "all  [###############---------------]      1,500       375/s  0:04 left");
    }

    @Test
    void linesFitATerminalOfEightyColumns() {
        Progress huge = new Progress(
                2_000_000_000,
                1_999_999_999,
                1_999_999_999,
                Duration.ofHours(1),
                List.of(new Progress.Row("r32", 1_999_999_999, Duration.ofHours(1), "starting")));
        assertThat(ProgressText.lines(huge, Ansi.OFF)).allMatch(line -> line.length() < 80);
    }

    @Test
    void terminalIsDrawnOver() {
        TerminalView view = new TerminalView(new PrintWriter(out), Ansi.OFF);
        view.show(half());
        assertThat(out.toString()).doesNotContain("\u001B[1A");
        view.note("a note");
        view.close();
        String drawn = out.toString();
        assertThat(drawn).contains("\u001B[1A\u001B[2K".repeat(3) + "\ra note");
        assertThat(drawn.split("all ", -1)).as("drawn three times").hasSize(4);
        view.note("late");
        assertThat(out.toString()).endsWith("late" + System.lineSeparator());
    }

    @Test
    void plainLinesComeNowAndThen() {
        PlainView view = new PlainView(new PrintWriter(out), Duration.ofSeconds(2));
        view.show(at(0, 0));
        view.show(at(1, 100));
        view.show(at(3, 100));
        view.show(at(4, 100));
        view.show(at(6, 1_000));
        view.show(at(6, 1_000));
        assertThat(out.toString().lines())
                .containsExactly(
                        "0 of 1,000 descriptions (0%), 0/s, ?:?? left: ",
                        "100 of 1,000 descriptions (10%), 33/s, 0:27 left: ",
                        "1,000 of 1,000 descriptions (100%), 167/s, 0:00 left: ");
        assertThat(out.toString()).doesNotContain("\u001B");
    }

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

    private static Progress half() {
        return new Progress(
                3_000,
                1_500,
                1_500,
                Duration.ofSeconds(4),
                List.of(
                        new Progress.Row("r1", 1_000, Duration.ofSeconds(2), "killed"),
                        new Progress.Row("r2", 500, Duration.ofSeconds(4), "working")));
    }

    private static Progress at(int seconds, int done) {
        return new Progress(1_000, done, done, Duration.ofSeconds(seconds), List.of());
    }
}
