package org.corestack.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A fresh database of one engine, on which feeds are measured. For one thread. */
final class FeedStage implements AutoCloseable {
    private final EngineKind kind;
    private final String uri;
    private final AutoCloseable end;

    private FeedStage(EngineKind kind, String uri, AutoCloseable end) {
        this.kind = kind;
        this.uri = uri;
        this.end = end;
    }

    static FeedStage file() throws IOException {
        Path folder = Files.createTempDirectory("corestack-bench");
        return new FeedStage(EngineKind.SQLITE, "sqlite:" + folder.resolve("feed.db"), () -> delete(folder));
    }

    static FeedStage server() throws IOException {
        EmbeddedPostgres server = Rivals.durableServer();
        return new FeedStage(
                EngineKind.POSTGRESQL, "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres", server);
    }

    static FeedStage replicaSet(String uri) {
        return new FeedStage(EngineKind.MONGODB, uri, () -> MongoFeedByHand.drop(uri));
    }

    EngineKind kind() {
        return kind;
    }

    String uri() {
        return uri;
    }

    /** The processor time of a server that this process has started; zero where there is none. */
    Duration serverCpu() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("postgres"))
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() throws Exception {
        end.close();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
