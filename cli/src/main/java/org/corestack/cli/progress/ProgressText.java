package org.corestack.cli.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** Progress as text. At most 79 columns wide, and in ASCII, which every terminal's font has. */
final class ProgressText {
    private static final int BAR = 30;

    private ProgressText() {}

    /** A line for each part and one for all, with bars. */
    static List<String> lines(Progress progress, Ansi ansi) {
        List<String> lines = new ArrayList<>();
        for (Progress.Row row : progress.parts()) {
            String text = String.format(
                    Locale.ROOT,
                    "%-4s %s %,10d  %,8.0f/s  %s",
                    row.name(),
                    bar(row.results(), progress.all()),
                    row.results(),
                    row.perSecond(),
                    row.state());
            lines.add(row.state().equals("killed") ? ansi.string("@|red " + text + "|@") : text);
        }
        String all = String.format(
                Locale.ROOT,
                "%-4s %s %,10d  %,8.0f/s  %s left",
                "all",
                bar(progress.done(), progress.all()),
                progress.done(),
                progress.perSecond(),
                progress.left().map(ProgressText::clock).orElse("?:??"));
        lines.add(ansi.string("@|bold " + all + "|@"));
        return lines;
    }

    /** Everything in one line, for logs. */
    static String line(Progress progress) {
        String parts = progress.parts().stream()
                .map(row -> row.name() + " " + String.format(Locale.ROOT, "%,d", row.results())
                        + (row.state().equals("working") ? "" : " " + row.state()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%,d of %,d %s (%d%%), %,.0f/s, %s left%s",
                progress.done(),
                progress.all(),
                progress.what(),
                percent(progress.done(), progress.all()),
                progress.perSecond(),
                progress.left().map(ProgressText::clock).orElse("?:??"),
                parts.isEmpty() ? "" : ": " + parts);
    }

    /** A time as minutes and seconds, rounded up, so that it is 0:00 only at the end. */
    static String clock(Duration time) {
        long seconds = (time.toMillis() + 999) / 1000;
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    private static String bar(long part, long whole) {
        int filled = (int) Math.min(BAR, part * BAR / Math.max(1, whole));
        return "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]";
    }

    private static long percent(long part, long whole) {
        return part * 100 / Math.max(1, whole);
    }
}
