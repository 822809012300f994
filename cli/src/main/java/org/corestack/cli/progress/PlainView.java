package org.corestack.cli.progress;

import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Progress as plain lines, one now and then, for logs and pipes. */
final class PlainView implements ProgressView {
    private final PrintWriter out;
    private final Duration pause;
    private @Nullable Progress shown; // guarded by this
    private boolean closed; // guarded by this

    /**
     * A view.
     *
     * @param pause how much of the work's time to let pass between two lines
     */
    PlainView(PrintWriter out, Duration pause) {
        this.out = out;
        this.pause = pause;
    }

    @Override
    public synchronized void show(Progress progress) {
        boolean last = progress.done() == progress.all() && (shown == null || shown.done() < shown.all());
        boolean due = shown == null
                || (shown.elapsed().plus(pause).compareTo(progress.elapsed()) <= 0 && progress.done() > shown.done());
        if (!closed && (last || due)) {
            shown = progress;
            print(ProgressText.line(progress));
        }
    }

    @Override
    public synchronized void note(String line) {
        if (!closed) {
            print(line);
        }
    }

    @Override
    public void aside(Runnable printing) {
        printing.run();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }
}
