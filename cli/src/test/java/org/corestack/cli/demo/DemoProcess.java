package org.corestack.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** {@code corestack demo …} as a process of its own, killed at the end if it has not ended. */
final class DemoProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 180;

    private final Process process;
    private final Path out;
    private final Path err;
    private final Path temporary;

    private DemoProcess(Process process, Path out, Path err, Path temporary) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.temporary = temporary;
    }

    static DemoProcess start(Path folder, String... options) throws IOException {
        return startInto(Files.createTempFile(folder, "out", ""), folder, options);
    }

    /** With its standard output to a file. */
    static DemoProcess startInto(Path out, Path folder, String... options) throws IOException {
        Path temporary = Files.createTempDirectory(folder, "tmp");
        List<String> command = JavaCommand.of(temporary, "demo");
        command.addAll(List.of(options));
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("CORESTACK_STORE");
        return new DemoProcess(builder.start(), out, err, temporary);
    }

    /** Waits for the end, and gives the exit code. */
    int await() throws InterruptedException {
        Assertions.assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it has ended; it printed %s", this)
                .isTrue();
        return process.exitValue();
    }

    /** The replicas that live. */
    List<ProcessHandle> replicas() {
        try (Stream<ProcessHandle> children = process.children()) {
            return new ArrayList<>(children.toList());
        }
    }

    /** The names of the temporary files and folders that are there: the demo's, its replicas' and SQLite's. */
    List<String> leftBehind() {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return out() + err();
    }

    @Override
    public void close() {
        List<ProcessHandle> left = replicas();
        process.destroyForcibly();
        left.forEach(ProcessHandle::destroyForcibly);
    }
}
