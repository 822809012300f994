package org.corestack.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes the table of the docs from the figures that {@code ./bench store --json} left, so that the two can't differ. */
@Command(
        name = "table",
        description = "Writes the table of docs/benchmarks.md from docs/figures/store.json.",
        mixinStandardHelpOptions = true)
final class FiguresTable implements Callable<Integer> {
    private static final String BEGIN = "<!-- made by ./bench table -->\n";
    private static final String END = "<!-- end -->\n";

    @Option(names = "--docs", paramLabel = "FOLDER", description = "The folder of the docs (${DEFAULT-VALUE}).")
    private Path docs = Path.of("docs");

    @Override
    public Integer call() throws IOException {
        Files.writeString(page(docs), replaced(docs));
        return 0;
    }

    private static Path page(Path docs) {
        return docs.resolve("benchmarks.md");
    }

    /** The page as it has to be. */
    static String replaced(Path docs) throws IOException {
        String page = Files.readString(page(docs));
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(
                    page(docs) + " has no place for the table: the lines " + BEGIN.strip() + " and " + END.strip());
        }
        JsonNode figures = JsonMapper.builder().build().readTree(Files.readString(docs.resolve("figures/store.json")));
        return page.substring(0, begin + BEGIN.length()) + table(figures) + page.substring(end);
    }

    private static String table(JsonNode figures) {
        StringBuilder table = new StringBuilder("""

                | engine | work | library: p50, p99 | by hand: p50, p99 | ratio |
                | --- | --- | --- | --- | --- |
                """);
        for (Map.Entry<String, JsonNode> engine : figures.properties()) {
            for (Map.Entry<String, JsonNode> work : engine.getValue().properties()) {
                JsonNode row = work.getValue();
                JsonNode ratio = row.get("ratio");
                table.append("| ").append(engine.getKey()).append(" | ").append(work.getKey());
                table.append(" | ").append(times(row, "p50", "p99"));
                table.append(" | ").append(times(row, "byHandP50", "byHandP99"));
                table.append(String.format(
                        Locale.ROOT,
                        " | %.2f (%.2f to %.2f) |%n",
                        ratio.get("median").asDouble(),
                        ratio.get("min").asDouble(),
                        ratio.get("max").asDouble()));
            }
        }
        return table.append('\n').toString();
    }

    private static String times(JsonNode row, String median, String most) {
        return time(row.get(median).asDouble()) + ", " + time(row.get(most).asDouble());
    }

    private static String time(double micros) {
        return micros < 1_000
                ? String.format(Locale.ROOT, "%.0f µs", micros)
                : String.format(Locale.ROOT, "%.1f ms", micros / 1_000);
    }
}
