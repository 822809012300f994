package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync.Reason;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.ChangeReader.Lost;
import org.corestack.store.spi.ChangeReader.Outcome;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log as a feed: what a position continues, and what it does not. */
class FeedTest {
    private static final Map<String, Content> C = Map.of("c", Content.LATEST);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration NOT = Duration.ZERO;

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static EngineCollection c(Engine engine) {
        return engine.store("s").collection("c");
    }

    private static Written put(EngineCollection collection, Object key, int value) {
        return Engines.write(collection, new Write.Upsert(Key.of(key), Document.of("n", value), java.util.Set.of()));
    }

    private static Position now(EngineCollection collection) {
        return collection.changes().now(Engines.soon());
    }

    private static Outcome next(EngineCollection collection, Position from, Duration wait) {
        try (ChangeReader reader = collection.changes().open(from)) {
            return reader.next(C, wait);
        }
    }

    private static List<Change> changes(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Batch.class);
        return ((Batch) outcome)
                .changes().stream().map(CollectionChange::change).toList();
    }

    private static void assertLost(Outcome outcome, Reason reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.resync().reason()).isEqualTo(reason));
    }

    @Test
    void aChangeTellsAllThatIsKnown() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            Position start = now(c(engine));
            Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
            Written first = put(c(engine), "k", 1);
            Written second = put(c(engine), "k", 2);
            List<Change> changes = changes(next(c(engine), start, LONG));
            assertThat(changes).extracting(Change::operation).containsExactly(Operation.INSERT, Operation.UPDATE);
            assertThat(changes).extracting(Change::version).containsExactly(first.version(), second.version());
            assertThat(changes).extracting(Change::position).containsExactly(first.position(), second.position());
            assertThat(changes).allSatisfy(change -> {
                assertThat(change.key()).isEqualTo(Key.of("k"));
                assertThat(change.document()).isEqualTo(Document.of("n", 2)); // the latest
                assertThat(change.source()).isEqualTo("test");
                assertThat(change.time()).isBetween(before, Instant.now());
            });
        }
    }

    /** To look costs more than what is found: a look for each commit would take writers half of what they do. */
    @Test
    void aBurstOfCommitsIsReadByFewLooks() throws Exception {
        int writes = 1_000;
        try (Engine engine = Engines.open("sqlite:" + folder.resolve("burst.db") + "?durability=process");
                ChangeReader reader = c(engine).changes().open(now(c(engine)))) {
            long begun = System.nanoTime();
            Future<Integer> looking = threads.submit(() -> {
                int looks = 0;
                for (int heard = 0; heard < writes; looks++) {
                    heard += changes(reader.next(C, LONG)).size();
                }
                return looks;
            });
            for (int i = 0; i < writes; i++) {
                put(c(engine), "k" + i, i);
            }
            long looks = looking.get(20, TimeUnit.SECONDS);
            long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            assertThat(looks).isLessThanOrEqualTo(millis / 4 + 2);
        }
    }

    /** The row of the log and the document are one commit: no reader comes between. */
    @Test
    void noReaderSeesTheLogWithoutTheDocument() throws Exception {
        try (Engine engine = Engines.open(folder.resolve("one.db"))) {
            Position from = now(c(engine));
            Future<?> writing = threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    put(c(engine), i, i);
                }
            });
            int read = 0;
            try (ChangeReader reader = c(engine).changes().open(from)) {
                while (read < 100) {
                    List<Change> changes = changes(reader.next(C, NOT));
                    assertThat(changes).extracting(Change::document).doesNotContainNull();
                    read += changes.size();
                }
            }
            writing.get();
        }
    }

    @Test
    void whatIsGoneHasNoDocument() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            Position start = now(c(engine));
            put(c(engine), "k", 1);
            Engines.write(c(engine), new Write.Delete(Key.of("k"), Condition.none()));
            assertThat(changes(next(c(engine), start, LONG)))
                    .extracting(Change::document)
                    .containsExactly(null, null);
        }
    }

    @Test
    void otherCollectionsMoveThePositionOnly() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            Position start = now(c(engine));
            put(engine.store("s").collection("other"), "k", 1);
            Written last = put(engine.store("t").collection("c"), "k", 1);
            Batch batch = (Batch) next(c(engine), start, LONG);
            assertThat(batch.changes()).isEmpty();
            assertThat(batch.upTo()).isEqualTo(last.position());
            put(c(engine), "k", 1);
            assertThat(changes(next(c(engine), batch.upTo(), LONG))).hasSize(1);
        }
    }

    @Test
    void moreThanABatchComesInSeveral() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            Position start = now(c(engine));
            int count = 2 * LogPage.MOST_ROWS + 1;
            for (int i = 0; i < count; i++) {
                put(c(engine), i, i);
            }
            try (ChangeReader reader = c(engine).changes().open(start)) {
                for (int read = 0; read < count; ) {
                    Batch batch = (Batch) reader.next(C, NOT);
                    assertThat(batch.changes().get(0).change().key()).isEqualTo(Key.of(read));
                    read += batch.changes().size();
                    assertThat(batch.more()).isEqualTo(read < count);
                }
            }
        }
    }

    @Test
    void largeDocumentsDoNotFillTheMemory() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            Position start = now(c(engine));
            for (int i = 0; i < 12; i++) {
                Engines.write(c(engine), new Write.Insert(Key.of(i), Document.of("t", "x".repeat(1_000_000))));
            }
            Batch batch = (Batch) next(c(engine), start, NOT);
            assertThat(batch.changes()).hasSizeBetween(1, 6);
            assertThat(batch.more()).isTrue();
        }
    }

    @Test
    void nothingNewIsSaidAfterTheWait() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            Position start = now(c(engine));
            Batch batch = (Batch) next(c(engine), start, Duration.ofMillis(30));
            assertThat(batch).isEqualTo(new Batch(List.of(), start, false));
        }
    }

    @Test
    void aTrimmedHistoryIsNotContinued() {
        try (Engine engine = Engines.open("sqlite:" + folder.resolve("t.db"), Duration.ofMillis(100))) {
            Position start = now(c(engine));
            c(engine).keepImages(true, Engines.soon());
            Written first = put(c(engine), "k", 1);
            Written last = put(c(engine), "k", 2);
            await().until(() -> logRows(engine) == 0);
            assertThat(Engines.column(engine, "SELECT count(*) FROM corestack_image"))
                    .containsExactly(0);
            assertLost(next(c(engine), start, NOT), Reason.HISTORY_TRIMMED);
            assertLost(next(c(engine), first.position(), NOT), Reason.HISTORY_TRIMMED);
            assertThat(now(c(engine))).isEqualTo(last.position());
            assertThat(changes(next(c(engine), last.position(), NOT))).isEmpty();
        }
    }

    /** The numbers go on after everything was trimmed and the file closed. */
    @Test
    void versionsDoNotComeAgainAfterATrim() {
        String uri = "sqlite:" + folder.resolve("v.db");
        Written last;
        try (Engine engine = Engines.open(uri, Duration.ofMillis(100))) {
            put(c(engine), "k", 1);
            last = Engines.write(c(engine), new Write.Delete(Key.of("k"), Condition.none()));
            await().until(() -> logRows(engine) == 0);
        }
        try (Engine engine = Engines.open(uri)) {
            assertThat(put(c(engine), "k", 1).version()).isGreaterThan(last.version());
            assertThat(changes(next(c(engine), last.position(), LONG))).hasSize(1);
        }
    }

    private static long logRows(Engine engine) {
        return ((SqliteEngine) engine)
                .database()
                .reads()
                .read(Engines.soon(), "a look", session -> session.number("SELECT count(*) FROM corestack_log"));
    }

    @Test
    void whatIsRecentIsKept() {
        try (Engine engine = Engines.open("sqlite:" + folder.resolve("r.db"), Duration.ofHours(1))) {
            for (int i = 0; i < 50; i++) {
                put(c(engine), i, i);
            }
            assertThat(logRows(engine)).isEqualTo(50);
        }
    }

    @Test
    void aCopyThatWentOnDifferentlyIsSeen() throws Exception {
        Path file = folder.resolve("a.db");
        Path copy = folder.resolve("b.db");
        Position common;
        try (Engine engine = Engines.open(file)) {
            common = put(c(engine), "k", 1).position();
        }
        Files.copy(file, copy);
        Position here;
        try (Engine engine = Engines.open(file)) {
            here = put(c(engine), "k", 2).position();
        }
        try (Engine engine = Engines.open(copy)) {
            assertLost(next(c(engine), here, NOT), Reason.OTHER_HISTORY); // a row that is not there
            put(c(engine), "k", 3);
            assertLost(next(c(engine), here, NOT), Reason.OTHER_HISTORY); // another row of its number
            assertThat(changes(next(c(engine), common, NOT))).hasSize(1);
        }
    }

    @Test
    void thePositionOfAnotherFileIsSeen() {
        try (Engine one = Engines.open("sqlite::memory:");
                Engine other = Engines.open("sqlite::memory:")) {
            assertLost(next(c(one), now(c(other)), NOT), Reason.OTHER_HISTORY);
            assertThat(c(one).changes().covers(now(c(one)), now(c(other)))).isFalse();
        }
    }

    @Test
    void whatIsNoPositionIsSeen() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            assertLost(next(c(engine), new Position("pg1:7"), NOT), Reason.NOT_A_POSITION);
            assertThat(c(engine).changes().covers(now(c(engine)), new Position("x")))
                    .isFalse();
        }
    }

    @Test
    void aWaitEndsWithTheReader() throws Exception {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            ChangeReader reader = c(engine).changes().open(now(c(engine)));
            Future<Outcome> waiting = threads.submit(() -> reader.next(C, LONG));
            await().until(() -> ((SqliteEngine) engine).database().signal().isAwaited());
            reader.close();
            assertCode(waiting, ErrorCode.CANCELED);
        }
    }

    @Test
    void aWaitEndsWithTheEngine() throws Exception {
        Engine engine = Engines.open("sqlite::memory:");
        ChangeReader reader = c(engine).changes().open(now(c(engine)));
        Future<Outcome> waiting = threads.submit(() -> reader.next(C, LONG));
        await().until(() -> ((SqliteEngine) engine).database().signal().isAwaited());
        engine.close();
        assertCode(waiting, ErrorCode.FAILED_PRECONDITION);
    }

    private static void assertCode(Future<Outcome> waiting, ErrorCode code) {
        assertThatThrownBy(waiting::get)
                .cause()
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aWaitEndsWithAWriteOfThisEngineAndOfAnother() throws Exception {
        Path file = folder.resolve("w.db");
        try (Engine engine = Engines.open(file);
                Engine other = Engines.open(file)) {
            for (Engine writing : List.of(engine, other)) {
                Position start = now(c(engine));
                Future<Outcome> waiting = threads.submit(() -> next(c(engine), start, LONG));
                await().until(() -> ((SqliteEngine) engine).database().signal().isAwaited());
                put(c(writing), "k", 1);
                assertThat(changes(waiting.get())).hasSize(1);
            }
        }
    }
}
