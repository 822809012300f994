package org.corestack.cli.progress;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Progress as lines that are drawn over. Needs only the control sequences that every ANSI terminal has: no library that
 * draws several lines does so without native code, of which newer JDKs warn.
 */
final class TerminalView implements ProgressView {
    private static final long FRAME_NANOS = 100_000_000;
    /** Lines that are too long are cut, so that a line is always one row. */
    private static final String WRAP_OFF = "\u001B[?7l";

    private static final String WRAP_ON = "\u001B[?7h";
    private static final String CLEAR_LINE = "\u001B[2K";

    private final PrintWriter out;
    private final Ansi ansi;
    private int drawn; // rows; guarded by this
    private long drawnAt; // guarded by this
    private @Nullable Progress latest; // guarded by this
    private boolean closed; // guarded by this

    TerminalView(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    @Override
    public synchronized void show(Progress progress) {
        latest = progress;
        if (!closed && (drawn == 0 || System.nanoTime() - drawnAt >= FRAME_NANOS)) {
            draw(progress);
        }
    }

    @Override
    public synchronized void note(String line) {
        aside(() -> {
            out.println(line);
            out.flush();
        });
    }

    @Override
    public synchronized void aside(Runnable printing) {
        if (!closed) {
            erase();
        }
        printing.run();
        if (!closed && latest != null) {
            draw(latest);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed && latest != null) {
            draw(latest);
        }
        closed = true;
    }

    private void draw(Progress progress) {
        List<String> lines = ProgressText.lines(progress, ansi);
        erase();
        // In one piece: an end in between would leave the terminal without wrapping.
        out.print(WRAP_OFF + String.join(System.lineSeparator(), lines) + System.lineSeparator() + WRAP_ON);
        out.flush();
        drawn = lines.size();
        drawnAt = System.nanoTime();
    }

    private void erase() {
        for (int row = 0; row < drawn; row++) {
            out.print("\u001B[1A" + CLEAR_LINE);
        }
        out.print('\r');
        out.flush();
        drawn = 0;
    }
}
