package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.table.EventLogger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the process that writes a trail, {@code -Dcorestack.test.trail.kills} times, 3 by default. */
class TrailKillTest {
    private static final int KILLS = Integer.getInteger("corestack.test.trail.kills", 3);
    private static final int WRITES = 150;

    @TempDir
    Path folder;

    @Test
    void aTrailHasEachChangeOnceThoughItsWriterIsKilled() {
        String uri = "sqlite:" + folder.resolve("t.db");
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Object> versions = new ArrayList<>();
        try (StoreClient client = StoreClient.open(uri)) {
            Store store = client.store("s");
            StoreCollection things = store.collection("things");
            StoreCollection trail = store.collection("trail");
            EventLogger.of(store, "things").toTrail(store, "trail").close(); // begins it
            for (int kill = 0; kill < KILLS; kill++) {
                try (Child child = Child.start(TrailProcess.class, uri)) {
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> child.lines().contains(TrailProcess.READY));
                    for (int i = 0; i < WRITES; i++) {
                        Key key = Key.of(random.nextInt(20));
                        versions.add(things.upsert(key, Document.of("n", i), Set.of())
                                .version());
                    }
                    long before = trail.count(Filter.all());
                    int some = 1 + random.nextInt(100);
                    await().atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> trail.count(Filter.all()) >= Math.min(versions.size(), before + some));
                    child.kill();
                }
            }
            try (EventLogger logger = EventLogger.of(store, "things").toTrail(store, "trail")) {
                await().atMost(Duration.ofSeconds(60)).until(() -> logger.covers(things.position()));
            }
            assertThat(trail.findMany(Filter.all(), FindOptions.ofDefaults()))
                    .as("seed %d", seed)
                    .extracting(event -> event.document().get("version"))
                    .isEqualTo(versions);
        }
    }
}
