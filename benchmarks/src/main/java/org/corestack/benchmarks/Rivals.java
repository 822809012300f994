package org.corestack.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/** The library and the work by hand, each on a fresh database of one engine. For one thread. */
final class Rivals implements AutoCloseable {
    /** What can be measured without a server that someone else provides. */
    enum Kind {
        /** Files in a temporary folder. */
        SQLITE,
        /** A server of our own, whose commits are durable. */
        POSTGRESQL
    }

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final StoreWork library;
    private final StoreWork byHand;

    private Rivals(Kind kind) throws Exception {
        if (kind == Kind.SQLITE) {
            Path folder = Files.createTempDirectory("corestack-bench");
            open.push(() -> delete(folder));
            library = opened(new LibraryWork("sqlite:" + folder.resolve("library.db")));
            byHand = opened(new SqliteByHand(folder.resolve("by-hand.db").toString()));
        } else {
            EmbeddedPostgres server = opened(durableServer());
            library = opened(new LibraryWork("postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres"));
            byHand = opened(new PostgresByHand(server.getPostgresDatabase()));
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

    /** Opens both. */
    static Rivals open(Kind kind) throws Exception {
        return new Rivals(kind);
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
