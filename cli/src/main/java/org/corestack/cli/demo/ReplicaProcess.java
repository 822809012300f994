package org.corestack.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.corestack.cli.demo.replica.JsonLines;
import org.corestack.cli.demo.replica.ReplicaReport;
import org.corestack.cli.demo.replica.ReplicaSettings;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A replica as the demo sees it: a process, its latest report, and what it prints on standard error. Thread-safe. */
final class ReplicaProcess {
    private final String name;
    private final Process process;
    private final OutputStream orders;
    private final Thread reportReader;
    private volatile @Nullable ReplicaReport report;
    private volatile long goNanos;
    private volatile long endNanos;
    private volatile boolean killed;
    private volatile boolean stopping;

    private ReplicaProcess(String name, Process process, Consumer<String> complaints) {
        this.name = name;
        this.process = process;
        this.orders = process.getOutputStream();
        this.reportReader = reader("reports", process.getInputStream(), line -> readReport(line, complaints));
        reader("errors", process.getErrorStream(), complaints);
    }

    /**
     * Starts a replica.
     *
     * @param complaints takes what it prints on standard error, a line each time
     */
    static ReplicaProcess start(ReplicaSettings settings, Consumer<String> complaints) {
        try {
            Process process = new ProcessBuilder(JavaCommand.of(Path.of(settings.folder()), "demo-replica")).start();
            ReplicaProcess replica = new ReplicaProcess(
                    settings.name(), process, line -> complaints.accept(settings.name() + ": " + line));
            replica.order(JsonLines.write(settings));
            return replica;
        } catch (IOException e) {
            throw new CoreException(
                    ErrorCode.UNAVAILABLE,
                    "the replica " + settings.name() + " can't be started: " + e.getMessage(),
                    e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean isReady() {
        return report != null;
    }

    boolean isIdle() {
        ReplicaReport latest = report;
        return latest != null && latest.idle();
    }

    long collisions() {
        ReplicaReport latest = report;
        return latest == null ? 0 : latest.collisions();
    }

    /** Whether its end was nobody's order. */
    boolean diedUnexpectedly() {
        return !process.isAlive() && !killed && (!stopping || process.exitValue() != 0);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** How long it has been at work, from when it was let go to its end or now. */
    Duration active() {
        long end = endNanos == 0 ? System.nanoTime() : endNanos;
        return goNanos == 0 ? Duration.ZERO : Duration.ofNanos(end - goNanos);
    }

    /** One word. */
    String state() {
        if (killed) {
            return "killed";
        }
        ReplicaReport latest = report;
        if (latest == null || goNanos == 0) {
            return "starting";
        }
        return latest.state() == ReplicaReport.State.FINISHED || endNanos != 0 ? "done" : "working";
    }

    void go() {
        goNanos = System.nanoTime();
        order(JsonLines.GO);
    }

    /** Asks it to end. */
    void stop() {
        stopping = true;
        endNanos = endNanos == 0 ? System.nanoTime() : endNanos;
        order(JsonLines.STOP);
    }

    /** SIGKILL: it gets no chance to do anything more. */
    void kill() {
        killed = true;
        endNanos = System.nanoTime();
        process.destroyForcibly();
    }

    /** Waits for its end and for its last report; says whether it came. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        reportReader.join(1_000);
        return true;
    }

    private void order(String line) {
        try {
            orders.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            orders.flush();
        } catch (IOException e) {
            // It is dead, which the demo sees by itself: the pipe's error says no more.
            process.destroyForcibly();
        }
    }

    private void readReport(String line, Consumer<String> complaints) {
        try {
            report = JsonLines.read(line, ReplicaReport.class);
        } catch (CoreException e) {
            complaints.accept(line); // something that was printed past the protocol, such as the JVM's own words
        }
    }

    private Thread reader(String what, InputStream in, Consumer<String> lines) {
        Thread thread = new Thread(() -> read(in, lines), "demo-" + name + "-" + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void read(InputStream in, Consumer<String> lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            lines.accept("can't be read any more: " + e.getMessage()); // its end, when killed, is no error
        }
    }
}
