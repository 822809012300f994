package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Write;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one file. */
class ProcessesTest {
    @TempDir
    Path folder;

    /** Nobody ever sees "database is locked", and no increment is lost. */
    @Test
    void threadsOfSeveralProcessesWriteTogether() {
        String uri = "sqlite:" + folder.resolve("p.db");
        int processes = 3;
        int threads = 4;
        int times = 40;
        try (Engine engine = Engines.open(uri)) {
            EngineCollection collection = engine.store("s").collection("c");
            Engines.write(collection, new Write.Insert(CountingProcess.COUNTER, Document.of("n", 0)));
            List<Child> children = new ArrayList<>();
            for (int i = 1; i < processes; i++) {
                children.add(Child.start(CountingProcess.class, uri, "p" + i, "" + threads, "" + times));
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            children.stream().allMatch(child -> child.lines().contains(CountingProcess.READY)));
            children.forEach(child -> child.send("go"));
            assertThat(CountingProcess.count(engine, "p0", threads, times)).isEmpty();
            for (Child child : children) {
                assertThat(child.await()).as("%s", child.lines()).isZero();
                assertThat(child.lines().stream().filter(line -> !line.startsWith("SLF4J")))
                        .containsExactly(CountingProcess.READY);
            }
            int writes = processes * threads * times;
            assertThat(collection
                            .find(CountingProcess.COUNTER, Engines.soon())
                            .orElseThrow()
                            .document())
                    .isEqualTo(Document.of("n", writes));
            try (var cursor = collection.find(Filter.all(), FindOptions.ofDefaults())) {
                int found = 0;
                for (var page = cursor.next(Engines.soon()); !page.isEmpty(); page = cursor.next(Engines.soon())) {
                    found += page.size();
                }
                assertThat(found).isEqualTo(writes + 1);
            }
        }
    }

    @Test
    void aWatcherHearsOfAnotherProcess() {
        String uri = "sqlite:" + folder.resolve("w.db");
        try (Engine engine = Engines.open(uri)) {
            EngineCollection collection = engine.store("s").collection("c");
            Position start = collection.changes().now(Engines.soon());
            try (ChangeReader reader = collection.changes().open(start);
                    Child child = Child.start(WritingProcess.class, uri, "w", "" + new Random().nextLong())) {
                List<Key> heard = new ArrayList<>();
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    Batch batch = (Batch) reader.next(Map.of("c", Content.KEYS), Duration.ofSeconds(10));
                    batch.changes().stream().map(CollectionChange::change).forEach(change -> heard.add(change.key()));
                    return heard.size() > 20;
                });
                child.kill();
            }
        }
    }

    /** The log that SQLite writes ahead is begun anew although there is a reader at each moment. */
    @Test
    void theWriteAheadLogStaysBoundedUnderSteadyReaders() throws Exception {
        Path file = folder.resolve("l.db");
        Path wal = folder.resolve("l.db-wal");
        try (SqliteEngine engine = (SqliteEngine) Engines.open("sqlite:" + file + "?durability=process")) {
            EngineCollection collection = engine.store("s").collection("c");
            Engines.write(collection, new Write.Insert(Key.of(-1), Document.empty()));
            CountDownLatch end = new CountDownLatch(1);
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread reader = new Thread(() -> readUntil(engine, end));
                reader.start();
                readers.add(reader);
            }
            long largest = 0;
            for (int i = 0; i < 400; i++) {
                Engines.write(collection, new Write.Insert(Key.of(i), Document.of("t", "x".repeat(200_000))));
                largest = Math.max(largest, Files.size(wal));
            }
            end.countDown();
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(largest).isLessThan(2 * WalBound.MOST_BYTES);
        }
    }

    /** Reads that last some 60 ms each. */
    private static void readUntil(SqliteEngine engine, CountDownLatch end) {
        Random random = new Random();
        while (end.getCount() > 0) {
            engine.database().reads().readAtOnce(Engines.soon(), "a look", session -> {
                session.number("SELECT count(*) FROM corestack_log");
                try {
                    return end.await(40 + random.nextInt(40), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }
}
