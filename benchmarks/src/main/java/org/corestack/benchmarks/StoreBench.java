package org.corestack.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.corestack.benchmarks.Pair.Figures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes of documents on each engine, beside the same work by hand over the raw driver. */
@Command(
        name = "store",
        description = "Reads and writes of documents, beside the raw driver.",
        mixinStandardHelpOptions = true)
final class StoreBench implements Callable<Integer> {
    @Option(names = "--quick", description = "Fewer rounds and documents: within 60 s instead of some minutes.")
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
            description = "A replica set to be measured too; its databases 'bench' and 'bench-by-hand' are dropped.")
    private @Nullable String mongodb;

    @Override
    public Integer call() throws Exception {
        Map<String, Map<String, Figures>> figures = new LinkedHashMap<>();
        for (EngineKind kind : engines) {
            if (kind == EngineKind.MONGODB && mongodb == null) {
                System.out.println(EngineKind.NOT_NAMED);
                continue;
            }
            System.out.println(
                    kind + ": microseconds; p50 (p99) of the library, by hand, and the ratio of the medians");
            try (Rivals rivals = Rivals.open(kind, mongodb)) {
                figures.put(kind.toString(), measure(rivals));
            }
        }
        if (json != null) {
            JsonMapper mapper = JsonMapper.builder().build();
            Files.writeString(json, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        }
        return 0;
    }

    private Map<String, Figures> measure(Rivals rivals) throws Exception {
        int loaded = quick ? 10_000 : 100_000;
        int rounds = quick ? 5 : 15;
        int writes = quick ? 50 : 300;
        rivals.library().load(loaded);
        rivals.byHand().load(loaded);
        int groups = loaded / Sample.GROUP;
        Map<String, Figures> figures = new LinkedHashMap<>();
        run(figures, "insert", rivals, rounds, writes, (work, number) -> work.insert(loaded + number));
        run(figures, "find", rivals, rounds, writes * 5, (work, number) -> work.find(number * 31 % loaded));
        run(figures, "update", rivals, rounds, writes, (work, number) -> work.update(number * 31 % loaded, number));
        run(
                figures,
                "read and conditional update",
                rivals,
                rounds,
                writes,
                (work, number) -> work.updateIfUnchanged(number * 31 % loaded, number));
        run(
                figures,
                "find many of 1,000",
                rivals,
                rounds,
                10,
                (work, number) ->
                        expect(Sample.GROUP, work.findGroup(number % groups).size()));
        run(figures, "stream of all", rivals, quick ? 3 : 7, 1, (work, number) -> {
            int all = work.stream();
            if (all < loaded) {
                expect(loaded, all);
            }
        });
        return figures;
    }

    private static void run(
            Map<String, Figures> figures, String name, Rivals rivals, int rounds, int pieces, Pair.Piece piece)
            throws Exception {
        Figures measured = Pair.measure(rivals.library(), rivals.byHand(), rounds, pieces, piece);
        figures.put(name, measured);
        System.out.printf(
                "  %-28s %10.1f (%10.1f) %10.1f (%10.1f)   %s%n",
                name, measured.p50(), measured.p99(), measured.byHandP50(), measured.byHandP99(), measured.ratio());
    }

    private static void expect(int wanted, int found) {
        if (wanted != found) {
            throw new IllegalStateException("found " + found + " documents instead of " + wanted);
        }
    }
}
