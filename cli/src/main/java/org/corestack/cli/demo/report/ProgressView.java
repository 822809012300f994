package org.corestack.cli.demo.report;

import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Help.Ansi;

/** Where progress is shown. Thread-safe. Closing leaves the last state in view; what comes later is not shown. */
public interface ProgressView extends AutoCloseable {
    /** Shows how far it has come; called often, shown as often as is good to read. */
    void show(Progress progress);

    /** Prints a line that stays, such as that a replica was killed. */
    void note(String line);

    /** Prints something elsewhere, such as on standard error, without the two getting into each other. */
    void aside(Runnable printing);

    @Override
    void close();

    /**
     * The view that suits the output: lines that are drawn over on a terminal, unless {@code NO_COLOR} is set or the
     * terminal is dumb; lines one after the other elsewhere.
     */
    static ProgressView on(PrintWriter out) {
        return Ansi.AUTO.enabled() && !"dumb".equals(System.getenv("TERM"))
                ? new TerminalView(out, Ansi.ON)
                : new PlainView(out, Duration.ofSeconds(2));
    }
}
