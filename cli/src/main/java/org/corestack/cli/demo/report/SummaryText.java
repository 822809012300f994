package org.corestack.cli.demo.report;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.corestack.cli.progress.Progress;

/** A summary for people. */
public final class SummaryText {
    private SummaryText() {}

    /**
     * The lines of a summary.
     *
     * @param charset that of the output: what it lacks is written as <code>&#92;u{…}</code>
     */
    public static List<String> lines(Summary summary, Charset charset) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s, %s, %s of look-alikes; %,d written in %.1f s, %,.0f a second",
                count(summary.records(), "record"),
                count(summary.results(), "description"),
                count(summary.groups(), "group"),
                summary.described(),
                summary.elapsed().toMillis() / 1000.0,
                Progress.perSecond(summary.described(), summary.elapsed())));
        for (Progress.Row part : summary.parts()) {
            lines.add(String.format(
                    Locale.ROOT, "  %-4s %,10d descriptions  %s", part.name(), part.results(), part.state()));
        }
        lines.add(takeover(summary));
        lines.add(count(summary.collisions(), "insert") + " came second, as another replica had been first");
        if (!summary.surprises().isEmpty()) {
            lines.add("Some of the most surprising look-alikes:");
            summary.surprises().forEach(line -> lines.add("  " + line));
        }
        lines.add(String.format(
                Locale.ROOT,
                "Proof: one thread recomputed the whole answer; lost %,d, duplicates %,d: %s",
                summary.lost(),
                summary.duplicates(),
                summary.holds() ? "it holds" : "IT DOES NOT HOLD"));
        summary.faults().forEach(line -> lines.add("  " + line));
        CharsetEncoder encoder = charset.newEncoder();
        return lines.stream().map(line -> encodable(line, encoder)).toList();
    }

    private static String takeover(Summary summary) {
        if (summary.takeover().isPresent()) {
            Duration takeover = summary.takeover().get();
            return String.format(
                    Locale.ROOT, "%,d ms from SIGKILL to the replacement's first result", takeover.toMillis());
        }
        return summary.parts().stream().anyMatch(part -> part.state().equals("killed"))
                ? "the others had done everything before the replacement could write a result"
                : "there was nothing to do, so that no replica was killed";
    }

    private static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    private static String encodable(String line, CharsetEncoder encoder) {
        StringBuilder text = new StringBuilder();
        line.codePoints().forEach(codePoint -> {
            String character = Character.toString(codePoint);
            text.append(encoder.canEncode(character) ? character : String.format("\\u{%04X}", codePoint));
        });
        return text.toString();
    }
}
