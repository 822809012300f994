package org.corestack.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link FeedProbe} in a JVM of its own, with what it has seen so far. */
final class Probe implements AutoCloseable {
    private final Process process;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final CountDownLatch ready = new CountDownLatch(1);

    private Probe(Process process) {
        this.process = process;
    }

    static Probe start(FeedProbe.Role role, FeedStage stage) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bench.class.getName(),
                        "feed-probe",
                        role.name(),
                        stage.kind().name(),
                        stage.uri())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Probe probe = new Probe(process);
        Thread reader = new Thread(probe::read, "probe-" + role);
        reader.setDaemon(true);
        reader.start();
        if (!probe.ready.await(60, TimeUnit.SECONDS)) {
            probe.close();
            throw new IOException("the probe " + role + " did not start within 60 s");
        }
        return probe;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("READY")) {
                    ready.countDown();
                } else {
                    String[] parts = line.split(" ", 2);
                    seen.putIfAbsent(parts[0], Long.parseLong(parts[1]));
                }
            }
        } catch (IOException e) {
            System.err.println("the probe's output ended: " + e.getMessage());
        }
    }

    /** When each key was seen, in microseconds. */
    Map<String, Long> seen() {
        return seen;
    }

    /** The processor time it has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
