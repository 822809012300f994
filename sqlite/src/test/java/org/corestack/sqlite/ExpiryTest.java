package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents expire: once, through the log, whoever has the file open. */
class ExpiryTest {
    private static final FieldPath AT = FieldPath.of("at");
    private static final Index INDEX = Index.on(AT).expiring(Duration.ofHours(1));
    private final Instant old = Instant.now().minus(Duration.ofHours(2));

    @TempDir
    Path folder;

    private static EngineCollection collection(Engine engine) {
        return engine.store("s").collection("c");
    }

    private static void fill(EngineCollection collection, int count, Instant at) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(new Write.Insert(Key.of(i), Document.of("at", at)));
        }
        collection.writeAll(writes, Engines.soon());
    }

    private static int size(EngineCollection collection) {
        return Engines.list(collection, Filter.all(), FindOptions.ofDefaults()).size();
    }

    @Test
    void whatIsOldIsDeletedThroughTheLogAndTheRestStays() {
        try (Engine engine = Engines.open(folder.resolve("a.db"))) {
            EngineCollection collection = collection(engine);
            List<Object> others = new ArrayList<>(
                    List.of(Instant.now(), Instant.now().plusSeconds(7200), old.toString(), 5, List.of(old)));
            others.forEach(
                    other -> Engines.write(collection, new Write.Insert(Key.of("" + other), Document.of("at", other))));
            Engines.write(collection, new Write.Insert(Key.of("missing"), Document.empty()));
            fill(collection, 600, old); // more than a batch, or two
            collection.ensureIndexes(List.of(INDEX), Engines.soon());
            await().atMost(Duration.ofSeconds(20)).until(() -> size(collection) == others.size() + 1);
            assertThat(Engines.column(engine, "SELECT count(*) FROM corestack_log WHERE op = 3"))
                    .containsExactly(600);
            assertThat(Engines.column(
                            engine,
                            "SELECT count(DISTINCT key) FROM corestack_log l JOIN corestack_source s ON s.id = l.source"
                                    + " WHERE op = 3 AND s.name = 'test'"))
                    .containsExactly(600);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("corestack-sqlite"));
    }

    @Test
    void whoeverOpensTheFileDeletesWhatHasExpiredMeanwhileAndNoneTwice() {
        Path file = folder.resolve("b.db");
        try (Engine engine = Engines.open(file)) {
            collection(engine).ensureIndexes(List.of(INDEX), Engines.soon());
            fill(collection(engine), 2_000, Instant.now().minus(Duration.ofMinutes(59)));
        }
        try (Engine first = Engines.open(file)) {
            assertThat(size(collection(first))).isEqualTo(2_000);
            fillOlder(first);
            List<Engine> all = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    all.add(Engines.open(file)); // each looks as soon as it is open
                }
                await().atMost(Duration.ofSeconds(40)).until(() -> size(collection(first)) == 0);
            } finally {
                all.forEach(Engine::close);
            }
            assertThat(Engines.column(first, "SELECT count(*) FROM corestack_log WHERE op = 3"))
                    .containsExactly(2_000);
        }
    }

    private void fillOlder(Engine engine) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            writes.add(new Write.Upsert(Key.of(i), Document.of("at", old), Set.of()));
        }
        collection(engine).writeAll(writes, Engines.soon());
    }

    @Test
    void whatExpiresInASecondIsGoneSoonAfter() {
        try (Engine engine = Engines.open(folder.resolve("c.db"))) {
            EngineCollection collection = collection(engine);
            collection.ensureIndexes(List.of(Index.on(AT).expiring(Duration.ofSeconds(1))), Engines.soon());
            Instant written = Instant.now();
            fill(collection, 1, written);
            await().pollInterval(Duration.ofMillis(20)).until(() -> size(collection) == 0);
            assertThat(Instant.now()).isAfterOrEqualTo(written.plusSeconds(1));
        }
    }
}
