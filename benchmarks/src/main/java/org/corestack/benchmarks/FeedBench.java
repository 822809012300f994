package org.corestack.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * How soon a change reaches a watcher, in the same process and in another, at rest and under load; what watchers cost
 * those who write; how fast one catches up; and what waiting costs. Beside a feed by hand: a poll of the log every ten
 * milliseconds on SQL, a change stream of the driver on MongoDB.
 */
@Command(
        name = "feed",
        description = "Latency from commit to callback, throughput beside watchers, and processor time at idle.",
        mixinStandardHelpOptions = true)
final class FeedBench implements Callable<Integer> {
    private static final int PER_SECOND = 1_000;

    @Option(names = "--quick", description = "Fewer writes and rounds: two minutes an engine instead of some.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to FILE.")
    private @Nullable Path json;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            split = ",",
            description = "Only these engines: ${COMPLETION-CANDIDATES}. MONGODB needs --mongodb.")
    private List<EngineKind> engines = List.of(EngineKind.values());

    @Option(
            names = "--mongodb",
            paramLabel = "URI",
            description = "A replica set to be measured too; its database 'bench' is dropped.")
    private @Nullable String mongodb;

    @Override
    public Integer call() throws Exception {
        Map<String, Map<String, Object>> figures = new LinkedHashMap<>();
        for (EngineKind kind : engines) {
            if (kind == EngineKind.MONGODB && mongodb == null) {
                System.out.println(EngineKind.NOT_NAMED);
                continue;
            }
            try (FeedStage stage = open(kind)) {
                System.out.println(kind);
                Map<String, Object> measured = measure(stage);
                measured.forEach((name, figure) -> System.out.printf("  %-52s %s%n", name, figure));
                figures.put(kind.name(), measured);
            }
        }
        if (json != null) {
            JsonMapper mapper = JsonMapper.builder().build();
            Files.writeString(json, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        }
        return 0;
    }

    private FeedStage open(EngineKind kind) throws Exception {
        return switch (kind) {
            case SQLITE -> FeedStage.file();
            case POSTGRESQL -> FeedStage.server();
            case MONGODB -> FeedStage.replicaSet(java.util.Objects.requireNonNull(mongodb));
        };
    }

    private Map<String, Object> measure(FeedStage stage) throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (StoreClient client = StoreClient.open(stage.uri())) {
            StoreCollection events = client.store("bench").collection("events");
            events.insert(Key.of("first"), Document.of("n", 0));
            latencies(figures, stage, events);
            throughput(figures, stage, events);
        }
        for (FeedProbe.Role role : FeedProbe.Role.values()) {
            figures.put("idle, " + role + ": percent of a core", idle(stage, role));
        }
        return figures;
    }

    private void latencies(Map<String, Object> figures, FeedStage stage, StoreCollection events) throws Exception {
        int writes = quick ? 60 : 400;
        figures.put("same process, at rest", sameProcess(events, writes));
        Load rest = prefix -> FeedLatency.atRest(events, prefix, writes);
        FeedLatency watched = elsewhere(stage, events, FeedProbe.Role.WATCH, "rest-watched", rest);
        FeedLatency byHand = elsewhere(stage, events, FeedProbe.Role.BY_HAND, "rest-by-hand", rest);
        figures.put("other process, at rest", watched);
        figures.put("other process, at rest, by hand", byHand);
        figures.put("ratio of the p50 at rest", ratio(watched.p50Micros(), byHand.p50Micros()));
        int many = PER_SECOND * (quick ? 5 : 20);
        Load rate = prefix -> FeedLatency.atRate(events, prefix, many, PER_SECOND);
        watched = elsewhere(stage, events, FeedProbe.Role.WATCH, "rate-watched", rate);
        byHand = elsewhere(stage, events, FeedProbe.Role.BY_HAND, "rate-by-hand", rate);
        figures.put("other process, at 1,000 writes a second", watched);
        figures.put("other process, at 1,000 writes a second, by hand", byHand);
        figures.put("ratio of the p50 under load", ratio(watched.p50Micros(), byHand.p50Micros()));
    }

    private interface Load {
        FeedLatency.Writes run(String prefix) throws InterruptedException;
    }

    /** In another process, which has been at work before: one that has just started compiles more than it delivers. */
    private static FeedLatency elsewhere(
            FeedStage stage, StoreCollection events, FeedProbe.Role role, String prefix, Load load) throws Exception {
        try (Probe probe = Probe.start(role, stage)) {
            FeedLatency.atRate(events, prefix + "-before", 3 * PER_SECOND, PER_SECOND);
            return FeedLatency.of(load.run(prefix), probe.seen());
        }
    }

    private static FeedLatency sameProcess(StoreCollection events, int writes) throws InterruptedException {
        Map<String, Long> seen = new ConcurrentHashMap<>();
        WatchOptions keys = WatchOptions.ofDefaults().withKeysOnly();
        try (Watch watch =
                events.watch(keys, change -> seen.put((String) change.key().value(), Micros.now()))) {
            FeedLatency.Writes written = FeedLatency.atRest(events, "same", writes);
            return FeedLatency.of(written, seen);
        }
    }

    private void throughput(Map<String, Object> figures, FeedStage stage, StoreCollection events) throws Exception {
        FeedThroughput throughput = new FeedThroughput(events);
        int rounds = quick ? 3 : 9;
        long millis = quick ? 1_000 : 3_000;
        throughput.kept(1, 1, millis); // what is compiled while it is measured is not what a service has
        figures.put("writes kept with one watcher", throughput.kept(1, rounds, millis));
        figures.put("writes kept with twenty watchers", throughput.kept(20, rounds, millis));
        int changes = quick ? 20_000 : 100_000;
        List<Double> perSecond = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            Position from = events.position();
            try (FeedByHand byHand = FeedByHand.open(stage.kind(), stage.uri())) {
                throughput.load(changes);
                double ours = throughput.catchUp(from, changes);
                long began = System.nanoTime();
                byHand.read(changes);
                double theirs = 1e9 * changes / (System.nanoTime() - began);
                perSecond.add(ours);
                ratios.add(ours / theirs);
            }
        }
        figures.put("catching up, changes a second", Spread.of(perSecond).rounded());
        figures.put("catching up, share of reading by hand", Spread.of(ratios).rounded());
    }

    /** Of the probe and of the server that this process has started, together. */
    private Spread idle(FeedStage stage, FeedProbe.Role role) throws Exception {
        int rounds = quick ? 3 : 7;
        Duration length = Duration.ofSeconds(quick ? 3 : 10);
        try (Probe probe = Probe.start(role, stage)) {
            warm(stage, role);
            Thread.sleep(5_000); // what that left to do, such as compiling, is over
            List<Double> percents = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Duration before = probe.cpu().plus(stage.serverCpu());
                long began = System.nanoTime();
                Thread.sleep(length.toMillis());
                double used = probe.cpu().plus(stage.serverCpu()).minus(before).toNanos();
                percents.add(100 * used / (System.nanoTime() - began));
            }
            return Spread.of(percents);
        }
    }

    /** Whoever watches has been at work before it rests, and so has the server. */
    private static void warm(FeedStage stage, FeedProbe.Role role) throws InterruptedException {
        try (StoreClient client = StoreClient.open(stage.uri())) {
            FeedLatency.atRate(client.store("bench").collection("events"), "warm-" + role, 10 * PER_SECOND, PER_SECOND);
        }
    }

    private static double ratio(long ours, long theirs) {
        return Math.round(100.0 * ours / Math.max(1, theirs)) / 100.0;
    }
}
