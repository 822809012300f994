package org.corestack.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * How soon a change reaches a watcher on the embedded store, in the same process and in another, and what waiting for
 * it costs: against a poll by hand every ten milliseconds over plain JDBC.
 */
@Command(
        name = "feed",
        description = "Latency from commit to callback, and processor time at idle.",
        mixinStandardHelpOptions = true)
final class FeedBench implements Callable<Integer> {
    @Option(names = "--quick", description = "Fewer writes and rounds: some 30 s instead of 3 minutes.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to FILE.")
    private @Nullable Path json;

    private final Random random = new Random(1);

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("corestack-bench");
        try {
            Map<String, Object> figures = measure(folder.resolve("feed.db"));
            figures.forEach((name, figure) -> System.out.printf("%-48s %s%n", name, figure));
            if (json != null) {
                Files.writeString(
                        json,
                        JsonMapper.builder()
                                        .build()
                                        .writerWithDefaultPrettyPrinter()
                                        .writeValueAsString(figures) + "\n");
            }
            return 0;
        } finally {
            delete(folder);
        }
    }

    private Map<String, Object> measure(Path file) throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (StoreClient client = StoreClient.open("sqlite:" + file)) {
            StoreCollection events = client.store("bench").collection("events");
            events.insert(Key.of("first"), Document.of("n", 0));
            int writes = quick ? 60 : 400;
            Latency same = sameProcess(events, writes);
            Latency watched = otherProcess(events, file, writes, FeedProbe.Role.WATCH);
            Latency polled = otherProcess(events, file, writes, FeedProbe.Role.POLL);
            figures.put("same process, commit to callback", same);
            figures.put("other process, commit to callback", watched);
            figures.put("other process, poll by hand every 10 ms", polled);
            figures.put("ratio of the p50, watch / poll by hand", ratio((double) watched.p50Micros(), (double)
                    polled.p50Micros()));
        }
        int rounds = quick ? 3 : 7;
        Duration idle = Duration.ofSeconds(quick ? 3 : 10);
        for (FeedProbe.Role role : FeedProbe.Role.values()) {
            figures.put("idle, " + role + ": percent of a core", idle(file, role, rounds, idle));
        }
        return figures;
    }

    private Latency sameProcess(StoreCollection events, int writes) throws InterruptedException {
        Map<String, Long> seen = new ConcurrentHashMap<>();
        WatchOptions keys = WatchOptions.ofDefaults().withKeysOnly();
        try (Watch watch =
                events.watch(keys, change -> seen.put((String) change.key().value(), Micros.now()))) {
            Map<String, Long> committed = write(events, "same", writes);
            return latency(committed, seen);
        }
    }

    private Latency otherProcess(StoreCollection events, Path file, int writes, FeedProbe.Role role)
            throws IOException, InterruptedException {
        try (Probe probe = Probe.start(role, file)) {
            Map<String, Long> committed = write(events, role.name(), writes);
            return latency(committed, probe.seen());
        }
    }

    /** Writes with pauses, so that the watcher is at rest each time; gives when each write was confirmed. */
    private Map<String, Long> write(StoreCollection events, String prefix, int writes) throws InterruptedException {
        Map<String, Long> committed = new LinkedHashMap<>();
        for (int i = 0; i < writes; i++) {
            Thread.sleep(20 + random.nextInt(60));
            String key = prefix + "-" + i;
            events.insert(Key.of(key), Document.of("n", i));
            committed.put(key, Micros.now());
        }
        Thread.sleep(500);
        return committed;
    }

    private static Latency latency(Map<String, Long> committed, Map<String, Long> seen) {
        Histogram histogram = new Histogram(3);
        int missing = 0;
        for (Map.Entry<String, Long> write : committed.entrySet()) {
            Long at = seen.get(write.getKey());
            if (at == null) {
                missing++;
            } else {
                // a callback can come before the writer has its confirmation: that is a latency of zero
                histogram.recordValue(Math.max(0, at - write.getValue()));
            }
        }
        return new Latency(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getMaxValue(),
                committed.size(),
                missing);
    }

    private static Spread idle(Path file, FeedProbe.Role role, int rounds, Duration length)
            throws IOException, InterruptedException {
        try (Probe probe = Probe.start(role, file)) {
            Thread.sleep(2_000); // what starting left to do, such as compiling, is over
            List<Double> percents = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Duration before = probe.cpu();
                long began = System.nanoTime();
                Thread.sleep(length.toMillis());
                double used = probe.cpu().minus(before).toNanos();
                percents.add(100 * used / (System.nanoTime() - began));
            }
            return Spread.of(percents);
        }
    }

    private static double ratio(double ours, double theirs) {
        return Math.round(100 * ours / Math.max(1, theirs)) / 100.0;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Latencies in microseconds; {@code missing} writes were never seen. */
    record Latency(long p50Micros, long p99Micros, long maxMicros, int writes, int missing) {
        @Override
        public String toString() {
            return String.format(
                    "p50 %.2f ms, p99 %.2f ms, max %.2f ms (%d writes, %d never seen)",
                    p50Micros / 1000.0, p99Micros / 1000.0, maxMicros / 1000.0, writes, missing);
        }
    }
}
