package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.sqlite.SQLiteDataSource;

/** Reads that take long, and lists that change while they are read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadTest {
    private static final Filter NONE = Filter.compare(FieldPath.of("b"), Operator.EQ, "nowhere");

    private SqliteEngine engine;
    private EngineCollection large;
    private EngineCollection small;

    @BeforeAll
    void fill() throws SQLException {
        engine = (SqliteEngine) Engines.open("sqlite::memory:");
        large = engine.store("s").collection("large");
        small = engine.store("s").collection("small");
        Engines.write(large, new Write.Insert(Key.of("first"), Document.empty()));
        try (Connection connection =
                        engine.unwrap(SQLiteDataSource.class).orElseThrow().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO \"s.large\" WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n"
                    + " LIMIT 300000) SELECT n, n, '{\"b\":' || n || '}', NULL, NULL FROM n");
        }
    }

    @AfterAll
    void close() {
        engine.close();
    }

    private static void assertCode(ErrorCode code, Throwable error) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        CoreException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    @Test
    void aReadEndsWithItsDeadline() {
        try (Cursor cursor = large.find(NONE, FindOptions.ofDefaults())) {
            assertThatThrownBy(() -> cursor.next(Deadline.in(Duration.ofMillis(20))))
                    .satisfies(e -> assertCode(ErrorCode.DEADLINE_EXCEEDED, e));
            assertThat(cursor.next(Engines.soon())).isEmpty();
        }
    }

    @Test
    void aReadEndsWithAnInterrupt() throws InterruptedException {
        AtomicReference<Throwable> error = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            begun.countDown();
            try {
                while (true) {
                    large.find(NONE, FindOptions.ofDefaults()).next(Engines.soon());
                }
            } catch (CoreException e) {
                error.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        begun.await();
        thread.interrupt();
        thread.join();
        assertCode(ErrorCode.CANCELED, error.get());
        assertThat(flag.get()).isTrue();
        assertThat(large.find(Key.of("first"), Engines.soon())).isPresent();
    }

    /** There are fewer connections than threads here. */
    @Test
    void manyReadAtOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> error = new AtomicReference<>();
        for (int i = 0; i < 40; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 50; n++) {
                    assertThat(large.find(Key.of("first"), Engines.soon())).isPresent();
                }
            });
            thread.setUncaughtExceptionHandler((failed, e) -> error.set(e));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(error.get()).isNull();
    }

    @Test
    void whoFindsNoConnectionWaitsForItsDeadline() {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> engine.database().reads().read(Engines.soon(), "a wait", session -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return true;
            }));
            thread.start();
            threads.add(thread);
        }
        await().until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        assertThatThrownBy(() -> large.find(Key.of("first"), Deadline.in(Duration.ofMillis(50))))
                .satisfies(e -> assertCode(ErrorCode.DEADLINE_EXCEEDED, e));
        end.countDown();
        assertThat(large.find(Key.of("first"), Engines.soon())).isPresent();
    }

    @Test
    void aSnapshotGoesOnBehindItsLastKey() {
        for (int i = 0; i < 1000; i++) {
            Engines.write(small, new Write.Insert(Key.of(i), Document.of("n", i)));
        }
        Snapshot snapshot = small.snapshot(Filter.all(), Engines.soon());
        for (int i = 0; i < 1000; i += 2) { // one of them the last of the first page, or the first behind it
            Engines.write(small, new Write.Delete(Key.of(i), Condition.none()));
        }
        List<Key> keys = new ArrayList<>();
        try (Cursor cursor = snapshot.documents()) {
            for (var page = cursor.next(Engines.soon()); !page.isEmpty(); page = cursor.next(Engines.soon())) {
                page.stream().map(StoredDocument::key).forEach(keys::add);
            }
        }
        assertThat(keys)
                .isSorted()
                .doesNotHaveDuplicates()
                .contains(Key.of(0), Key.of(1))
                .hasSizeGreaterThan(500);
        for (int i = 1; i < 1000; i += 2) {
            assertThat(keys).contains(Key.of(i));
        }
    }
}
