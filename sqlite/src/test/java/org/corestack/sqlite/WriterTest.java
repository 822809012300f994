package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.WriteResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The writer against the lock of the file, the disk and its callers' patience. */
class WriterTest {
    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Path file;
    private SqliteEngine engine;
    private EngineCollection collection;
    private Connection other;
    private Statement others;

    @BeforeEach
    void open() throws SQLException {
        file = folder.resolve("w.db");
        engine = (SqliteEngine) Engines.open(file);
        collection = engine.store("s").collection("c");
        Engines.write(collection, new Write.Insert(Key.of("first"), Document.of("n", 1, "t", "text")));
        other = engine.unwrap(SQLiteDataSource.class).orElseThrow().getConnection();
        others = other.createStatement();
    }

    @AfterEach
    void close() throws SQLException {
        other.close();
        engine.close();
        threads.shutdownNow();
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
                .hasMessageNotContaining("locked (");
    }

    private WriteResult insert(Object key) {
        return collection.write(new Write.Insert(Key.of(key), Document.empty()), Engines.soon());
    }

    private boolean isThere(Object key) {
        return collection.find(Key.of(key), Engines.soon()).isPresent();
    }

    /** How many callers wait for their writes. */
    private static long waiting() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().equals(Writer.class.getName())
                                && frame.getMethodName().equals("write")))
                .count();
    }

    @Test
    void writesThatWaitTogetherAreCommittedTogether() throws Exception {
        int before = WalFile.commits(file);
        others.execute("BEGIN IMMEDIATE");
        List<Future<WriteResult>> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int key = i;
            writes.add(threads.submit(() -> insert(key)));
        }
        await().until(() -> waiting() == 100);
        others.execute("COMMIT");
        for (Future<WriteResult> write : writes) {
            assertThat(write.get().written()).isNotNull();
        }
        assertThat(WalFile.commits(file) - before).isEqualTo(1);
    }

    /** Of several writers, as one that is alone does its own commit and can't be back before it. */
    @Test
    void aConfirmedWriteIsSeenByEveryReader() throws Exception {
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            String prefix = writer + "-";
            writers.add(threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    insert(prefix + i);
                    assertThat(isThere(prefix + i)).as("write %d", i).isTrue();
                }
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    /** Nobody waits here, so that the watch for other processes rests. */
    @Test
    void aCommitWakesTheWatchersOfThisProcess() {
        long before = engine.database().signal().count();
        insert("x");
        await().until(() -> engine.database().signal().count() > before);
    }

    /** One whose caller has gone, beside one whose caller waits and does what there is to be done. */
    @Test
    void aWriteThatWasGivenUpIsNotDoneByOthers() throws Exception {
        others.execute("BEGIN IMMEDIATE");
        Future<WriteResult> patient = threads.submit(() -> insert("patient"));
        await().until(() -> waiting() == 1);
        assertFails(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> collection.write(
                        new Write.Insert(Key.of("late"), Document.empty()), Deadline.in(Duration.ofMillis(100))));
        others.execute("COMMIT");
        assertThat(patient.get().written()).isNotNull();
        assertThat(isThere("late")).isFalse();
    }

    @Test
    void aDeadlinePassesWhileAnotherHoldsTheLock() throws SQLException {
        others.execute("BEGIN IMMEDIATE");
        assertFails(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> collection.write(
                        new Write.Insert(Key.of("late"), Document.empty()), Deadline.in(Duration.ofMillis(100))));
        others.execute("COMMIT");
        assertThat(insert("next").written()).isNotNull();
        assertThat(isThere("late")).isFalse();
    }

    @Test
    void aReadDoesNotWaitForTheLock() throws SQLException {
        others.execute("BEGIN IMMEDIATE");
        assertThat(isThere("first")).isTrue();
        others.execute("COMMIT");
    }

    @Test
    void anInterruptWhileAnotherHoldsTheLockTakesTheWriteBack() throws Exception {
        others.execute("BEGIN IMMEDIATE");
        AtomicReference<Throwable> error = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                insert("interrupted");
            } catch (CoreException e) {
                error.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        await().until(() -> waiting() == 1);
        thread.interrupt();
        thread.join();
        others.execute("COMMIT");
        assertThat(ErrorCode.of(error.get())).isEqualTo(ErrorCode.CANCELED);
        assertThat(flag.get()).isTrue();
        insert("next");
        assertThat(isThere("interrupted")).isFalse();
    }

    @Test
    void aWriteWithoutTimeIsNotBegun() {
        Deadline over = Deadline.in(Duration.ofNanos(1));
        await().until(over::isExpired);
        assertFails(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> collection.write(new Write.Insert(Key.of("late"), Document.empty()), over));
        assertThat(isThere("late")).isFalse();
    }

    @Test
    void aPatchThatDoesNotFitUndoesNothingButItself() throws Exception {
        others.execute("BEGIN IMMEDIATE");
        Future<WriteResult> before = threads.submit(() -> insert("before"));
        await().until(() -> waiting() == 1);
        Future<WriteResult> failing = threads.submit(() -> collection.write(
                new Write.Apply(
                        Key.of("first"),
                        Patch.set(FieldPath.of("n"), 2).and(Patch.increment(FieldPath.of("t"), 1)),
                        Condition.none(),
                        false),
                Engines.soon()));
        await().until(() -> waiting() == 2);
        Future<WriteResult> after = threads.submit(() -> insert("after"));
        await().until(() -> waiting() == 3);
        others.execute("COMMIT");
        assertThat(before.get().written()).isNotNull();
        assertThat(after.get().written()).isNotNull();
        assertThatThrownBy(failing::get)
                .cause()
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThat(collection
                        .find(Key.of("first"), Engines.soon())
                        .orElseThrow()
                        .document())
                .isEqualTo(Document.of("n", 1, "t", "text"));
        assertThat(logRows()).isEqualTo(3);
    }

    private long logRows() {
        return engine.database()
                .reads()
                .read(Engines.soon(), "a look", session -> session.number("SELECT count(*) FROM corestack_log"));
    }

    /** What SQLite itself says where the disk is full; the error ends the whole transaction. */
    @Test
    void whatFindsNoRoomFailsAlone() throws Exception {
        engine.database().writer().write(new WriteTask<>("a limit", Engines.soon(), transaction -> {
            transaction.session().number("PRAGMA max_page_count = 40");
            return true;
        }));
        others.execute("BEGIN IMMEDIATE");
        Future<WriteResult> before = threads.submit(() -> insert("before"));
        await().until(() -> waiting() == 1);
        Future<WriteResult> large = threads.submit(() -> collection.write(
                new Write.Insert(Key.of("large"), Document.of("t", "x".repeat(500_000))), Engines.soon()));
        await().until(() -> waiting() == 2);
        Future<WriteResult> after = threads.submit(() -> insert("after"));
        await().until(() -> waiting() == 3);
        others.execute("COMMIT");
        assertThat(before.get().written()).isNotNull();
        assertThat(after.get().written()).isNotNull();
        assertThatThrownBy(large::get)
                .cause()
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED))
                .hasMessageContaining("the insert of 'large' in s.c");
        assertThat(isThere("before")).isTrue();
        assertThat(isThere("large")).isFalse();
        assertThat(logRows()).isEqualTo(3);
    }

    /** The table was made in the transaction that was undone. */
    @Test
    void aCollectionWhoseFirstWriteWasUndoneIsMadeAnew() {
        engine.database().writer().write(new WriteTask<>("a limit", Engines.soon(), transaction -> {
            transaction.session().number("PRAGMA max_page_count = 40");
            return true;
        }));
        EngineCollection fresh = engine.store("s").collection("fresh");
        assertFails(
                ErrorCode.RESOURCE_EXHAUSTED,
                () -> fresh.write(
                        new Write.Insert(Key.of("large"), Document.of("t", "x".repeat(500_000))), Engines.soon()));
        assertThat(fresh.find(Key.of("large"), Engines.soon())).isEmpty();
        Engines.write(fresh, new Write.Insert(Key.of("small"), Document.empty()));
        assertThat(fresh.find(Key.of("small"), Engines.soon())).isPresent();
    }

    @Test
    void theLockIsFreeWhileNothingIsWritten() throws SQLException {
        insert("x");
        others.execute("PRAGMA busy_timeout = 0");
        others.execute("BEGIN IMMEDIATE");
        others.execute("COMMIT");
        collection.write(
                new Write.Apply(Key.of("absent"), Patch.set(FieldPath.of("a"), 1), Condition.none(), false),
                Engines.soon());
        others.execute("BEGIN IMMEDIATE");
        others.execute("COMMIT");
    }

    @Test
    void closingEndsWhatWaits() throws Exception {
        others.execute("BEGIN IMMEDIATE");
        Future<WriteResult> write = threads.submit(() ->
                collection.write(new Write.Insert(Key.of("x"), Document.empty()), Deadline.in(Duration.ofMillis(500))));
        await().until(() -> waiting() == 1);
        engine.close();
        assertThatThrownBy(write::get)
                .cause()
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("corestack-sqlite"));
        others.execute("COMMIT");
    }

    @Test
    void anIndexThatTakesTooLongIsNotMade() throws SQLException {
        others.execute(
                "INSERT INTO \"s.c\" WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 200000)"
                        + " SELECT n, n, '{\"b\":' || (n % 1000) || '}', NULL, NULL FROM n");
        Index index = Index.on(FieldPath.of("b"));
        assertFails(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> collection.ensureIndexes(List.of(index), Deadline.in(Duration.ofMillis(20))));
        collection.ensureIndexes(List.of(index), Engines.soon());
    }
}
