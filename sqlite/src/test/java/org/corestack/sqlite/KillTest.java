package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a writing process at random moments: {@code -Dcorestack.test.kills} times, 30 by default. Every confirmed write
 * is there, none is there by half, log and documents agree, and a feed that resumes misses nothing.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("corestack.test.kills", 30);

    @TempDir
    Path folder;

    /** What the feed has told, by key; a deleted one is absent. */
    private final Map<Key, StoredDocument> fed = new HashMap<>();

    private final Map<Key, Long> fedVersions = new HashMap<>();
    private String position = "";

    @Test
    void nothingConfirmedIsLostAndNothingIsHalfDone() throws InterruptedException {
        String uri = "sqlite:" + folder.resolve("k.db");
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (Engine engine = Engines.open(uri)) {
            position = engine.store("s")
                    .collection("c")
                    .changes()
                    .now(Engines.soon())
                    .text();
        }
        for (int kill = 0; kill < KILLS; kill++) {
            String round = "seed " + seed + ", kill " + kill;
            // Sometimes nobody else has the file open, so that the next to open it has to recover it.
            Engine beside = random.nextBoolean() ? Engines.open(uri) : null;
            List<String> confirmed;
            try (Child child = Child.start(WritingProcess.class, uri, "w" + kill % 3 + "-", "" + random.nextLong())) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> !child.lines().isEmpty());
                pause(random.nextInt(60_000));
                confirmed = child.kill();
            }
            if (beside != null) {
                beside.close();
            }
            try (Engine engine = Engines.open(uri)) {
                check(engine, confirmed, round);
            }
        }
    }

    private static void pause(int micros) throws InterruptedException {
        if (new CountDownLatch(1).await(micros, TimeUnit.MICROSECONDS)) {
            throw new AssertionError("a latch opened that nobody has");
        }
    }

    private void check(Engine engine, List<String> confirmed, String round) {
        EngineCollection collection = engine.store("s").collection("c");
        Map<Key, StoredDocument> stored = list(collection);
        follow(collection);
        assertThat(fed).as("%s: what the feed told", round).isEqualTo(stored);
        stored.values()
                .forEach(document -> assertThat(document.document().get("one"))
                        .as("%s: %s", round, document)
                        .isEqualTo(document.document().get("two")));
        Map<Key, Long> logged = lastLogged(engine);
        stored.forEach((key, document) -> assertThat(document.version())
                .as("%s: the version of %s in the log", round, key)
                .isEqualTo(logged.get(key)));
        checkConfirmed(confirmed, stored, round);
    }

    private void checkConfirmed(List<String> confirmed, Map<Key, StoredDocument> stored, String round) {
        Map<Key, String[]> last = new HashMap<>();
        confirmed.stream()
                .map(line -> line.split(" ", -1))
                .filter(line -> line.length == 3)
                .forEach(line -> last.put(Key.of(line[0]), line));
        last.forEach((key, line) -> {
            long version = Long.parseLong(line[2]);
            assertThat(fedVersions.get(key)).as("%s: %s", round, key).isGreaterThanOrEqualTo(version);
            if (fedVersions.get(key) == version) { // no later write that was not confirmed any more
                StoredDocument document = stored.get(key);
                assertThat(
                                document == null
                                        ? "-"
                                        : document.document().get("one").toString())
                        .as("%s: %s", round, key)
                        .isEqualTo(line[1]);
            }
        });
    }

    private static Map<Key, StoredDocument> list(EngineCollection collection) {
        Map<Key, StoredDocument> all = new HashMap<>();
        try (Cursor cursor = collection.find(Filter.all(), FindOptions.ofDefaults())) {
            for (List<StoredDocument> page = cursor.next(Engines.soon());
                    !page.isEmpty();
                    page = cursor.next(Engines.soon())) {
                page.forEach(document -> all.put(document.key(), document));
            }
        }
        return all;
    }

    /** Resumes from where the round before ended. */
    private void follow(EngineCollection collection) {
        try (ChangeReader reader = collection.changes().open(new Position(position))) {
            boolean more = true;
            while (more) {
                Batch batch = (Batch) reader.next(Map.of("c", Content.LATEST), Duration.ZERO);
                batch.changes().stream().map(CollectionChange::change).forEach(this::apply);
                position = batch.upTo().text();
                more = batch.more();
            }
        }
    }

    private void apply(Change change) {
        fedVersions.put(change.key(), change.version());
        if (change.operation() == Operation.DELETE || change.document() == null) {
            fed.remove(change.key());
        } else {
            fed.put(change.key(), new StoredDocument(change.key(), change.document(), change.version()));
        }
    }

    private static Map<Key, Long> lastLogged(Engine engine) {
        return ((SqliteEngine) engine).database().reads().read(Engines.soon(), "a look", session -> {
            Map<Key, Long> versions = new HashMap<>();
            try (var row = session.query("SELECT key, max(seq) FROM corestack_log GROUP BY key")) {
                while (row.next()) {
                    versions.put(KeyColumn.fromColumn(row.getObject(1)), row.getLong(2));
                }
            }
            return versions;
        });
    }
}
