package org.corestack.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class ProgressTest {
    private final StringWriter out = new StringWriter();

    @Test
    void rateAndTimeLeftAreThoseOfThisRun() {
        Progress progress = new Progress("descriptions", 3_000, 2_000, 1_000, Duration.ofSeconds(4), List.of());
        assertThat(progress.perSecond()).isEqualTo(250);
        assertThat(progress.left()).contains(Duration.ofSeconds(4));
        assertThat(new Progress("descriptions", 10, 0, 0, Duration.ZERO, List.of()).left())
                .isEmpty();
    }

    @Test
    void eachPartHasALineWithABar() {
        assertThat(ProgressText.lines(half(), Ansi.OFF))
                .containsExactly(
                        "r1   [##########--------------------]      1,000       500/s  killed",
                        "r2   [#####-------------------------]        500       125/s  working",
                        "all  [###############---------------]      1,500       375/s  0:04 left");
    }

    @Test
    void partsStandBehindThePlainLine() {
        assertThat(ProgressText.line(half()))
                .isEqualTo("1,500 of 3,000 descriptions (50%), 375/s, 0:04 left: r1 1,000 killed, r2 500");
    }

    @Test
    void linesFitATerminalOfEightyColumns() {
        Progress huge = new Progress(
                "descriptions",
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
                        "0 of 1,000 descriptions (0%), 0/s, ?:?? left",
                        "100 of 1,000 descriptions (10%), 33/s, 0:27 left",
                        "1,000 of 1,000 descriptions (100%), 167/s, 0:00 left");
        assertThat(out.toString()).doesNotContain("\u001B");
    }

    private static Progress half() {
        return new Progress(
                "descriptions",
                3_000,
                1_500,
                1_500,
                Duration.ofSeconds(4),
                List.of(
                        new Progress.Row("r1", 1_000, Duration.ofSeconds(2), "killed"),
                        new Progress.Row("r2", 500, Duration.ofSeconds(4), "working")));
    }

    private static Progress at(int seconds, int done) {
        return new Progress("descriptions", 1_000, done, done, Duration.ofSeconds(seconds), List.of());
    }
}
