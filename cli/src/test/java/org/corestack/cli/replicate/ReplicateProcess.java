package org.corestack.cli.replicate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.corestack.cli.Main;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code corestack replicate …} as a process of its own, killed at the end if it has not ended. */
final class ReplicateProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 3_000;

    private final Process process;
    private final Path out;
    private final Path err;

    private ReplicateProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static ReplicateProcess start(Path folder, String from, String to, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "replicate",
                "--json"));
        command.addAll(List.of(options));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("CORESTACK_FROM", from);
        builder.environment().put("CORESTACK_TO", to);
        return new ReplicateProcess(builder.start(), out, err);
    }

    /** Waits for the end, and gives the exit code. */
    int await() throws InterruptedException {
        Assertions.assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it has ended; it printed %s", this)
                .isTrue();
        return process.exitValue();
    }

    /** The last line of standard output. */
    JsonNode summary() {
        List<String> lines = out().lines().toList();
        Assertions.assertThat(lines).as("%s", this).isNotEmpty();
        return JsonMapper.shared().readTree(lines.get(lines.size() - 1));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** As Ctrl-C does, in effect. */
    void terminate() {
        process.destroy();
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
        process.destroyForcibly();
    }
}
