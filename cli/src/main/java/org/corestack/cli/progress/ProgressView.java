package org.corestack.cli.progress;

import java.io.Console;
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
     * The view that suits standard output: lines that are drawn over on a terminal, unless {@code NO_COLOR} is set, the
     * terminal is dumb or the lines may be more than it has; lines one after the other elsewhere.
     *
     * @param parts how many parts there are at the start
     */
    static ProgressView on(PrintWriter out, int parts) {
        return parts <= 16 && isTerminal() && Ansi.AUTO.enabled() && !"dumb".equals(System.getenv("TERM"))
                ? new TerminalView(out, Ansi.ON)
                : plain(out);
    }

    /** Lines one after the other, which any output can take. */
    static ProgressView plain(PrintWriter out) {
        return new PlainView(out, Duration.ofSeconds(2));
    }

    /** Colours may be forced by the environment; a terminal can't. */
    @SuppressWarnings("SystemConsoleNull") // where it is never null it is asked whether it is a terminal
    private static boolean isTerminal() {
        Console console = System.console();
        try {
            return console != null
                    && Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console)); // 22 and later
        } catch (ReflectiveOperationException e) {
            return true; // before, there is a console only where there is a terminal
        }
    }
}
