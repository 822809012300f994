package org.corestack.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The library and the work by hand, each on a fresh database of one engine. For one thread. */
final class Rivals implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final StoreWork library;
    private final StoreWork byHand;

    private Rivals(EngineKind kind, @Nullable String mongodb) throws Exception {
        switch (kind) {
            case SQLITE -> {
                Path folder = Files.createTempDirectory("corestack-bench");
                open.push(() -> delete(folder));
                library = opened(new LibraryWork("sqlite:" + folder.resolve("library.db")));
                byHand = opened(new SqliteByHand(folder.resolve("by-hand.db").toString()));
            }
            case POSTGRESQL -> {
                EmbeddedPostgres server = opened(durableServer());
                library = opened(new LibraryWork("postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres"));
                byHand = opened(new PostgresByHand(server.getPostgresDatabase()));
            }
            case MONGODB -> {
                String uri = Objects.requireNonNull(mongodb);
                MongoFeedByHand.drop(uri);
                open.push(() -> MongoFeedByHand.drop(uri));
                library = opened(new LibraryWork(uri));
                byHand = opened(new MongoByHand(uri));
            }
            default -> throw new IllegalArgumentException("no rivals on " + kind);
        }
    }

    /** A server that syncs what it confirms, which one for tests is without. */
    static EmbeddedPostgres durableServer() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    /**
     * Opens both.
     *
     * @param mongodb the replica set, where it is that which is measured
     */
    static Rivals open(EngineKind kind, @Nullable String mongodb) throws Exception {
        return new Rivals(kind, mongodb);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    StoreWork library() {
        return library;
    }

    StoreWork byHand() {
        return byHand;
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
