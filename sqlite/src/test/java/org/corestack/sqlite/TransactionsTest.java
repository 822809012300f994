package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineTransaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions take the file's lock, keep what they do to themselves until the commit, and end in time. */
class TransactionsTest {
    private static final FieldPath N = FieldPath.of("n");
    private static final Key KEY = Key.of("k");

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Engine engine;
    private EngineCollection collection;

    @BeforeEach
    void open() {
        engine = Engines.open(folder.resolve("t.db"));
        collection = engine.store("s").collection("c");
        Engines.write(collection, new Write.Insert(KEY, Document.of("n", 1)));
    }

    @AfterEach
    void close() {
        engine.close();
        threads.shutdownNow();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("corestack-sqlite"));
    }

    private EngineTransaction begin() {
        return engine.store("s").begin(Engines.soon());
    }

    private static Write set(int n) {
        return new Write.Upsert(KEY, Document.of("n", n), Set.of());
    }

    /** On a thread that has no transaction. */
    private <T> T elsewhere(Callable<T> what) {
        Future<T> future = threads.submit(what);
        return await().until(() -> future.isDone() ? future.get() : null, done -> done != null);
    }

    private Object n(EngineCollection in) {
        return in.find(KEY, Engines.soon()).orElseThrow().document().get("n");
    }

    @Test
    void itSeesItsOwnWritesAndOthersSeeThemAfterTheCommit() {
        Written written;
        try (EngineTransaction transaction = begin()) {
            EngineCollection inside = transaction.collection("c");
            written = Engines.write(inside, set(2));
            Engines.write(transaction.collection("new"), new Write.Insert(KEY, Document.of("n", 3)));
            assertThat(n(inside)).isEqualTo(2);
            assertThat(Engines.list(inside, Filter.compare(N, Filter.Operator.EQ, 2), FindOptions.ofDefaults()))
                    .hasSize(1);
            assertThat(inside.aggregate(Filter.all(), Aggregation.of(Measure.sum(N)), Engines.soon())
                            .get(0)
                            .values())
                    .containsExactly(2L);
            assertThat(n(collection)).isEqualTo(1);
            assertThat(elsewhere(() -> engine.store("s").collections(Engines.soon())))
                    .containsExactly("c");
            assertThat(collection.changes().covers(collection.changes().now(Engines.soon()), written.position()))
                    .isFalse();
            transaction.commit(Engines.soon());
        }
        assertThat(n(collection)).isEqualTo(2);
        assertThat(n(engine.store("s").collection("new"))).isEqualTo(3);
        assertThat(collection.changes().covers(collection.changes().now(Engines.soon()), written.position()))
                .isTrue();
    }

    @Test
    void withoutACommitNothingIsLeft() {
        try (EngineTransaction transaction = begin()) {
            Engines.write(transaction.collection("c"), set(2));
            Engines.write(transaction.collection("new"), set(2));
            assertThat(transaction.collection("c").deleteAll(Filter.all(), Engines.soon()))
                    .isEqualTo(1);
        }
        assertThat(n(collection)).isEqualTo(1);
        assertThat(Engines.column(engine, "SELECT count(*) FROM corestack_log")).containsExactly(1);
        assertThat(engine.store("s").collection("new").find(KEY, Engines.soon()))
                .isEmpty();
        Engines.write(engine.store("s").collection("new"), set(3));
    }

    @Test
    void aWriteThatFailsDoesNotSpoilIt() {
        collection.ensureIndexes(List.of(Index.on(N).asUnique()), Engines.soon());
        try (EngineTransaction transaction = begin()) {
            EngineCollection inside = transaction.collection("c");
            Engines.write(inside, set(2));
            Write clashing = new Write.Insert(Key.of("other"), Document.of("n", 2.0));
            Engines.fails(ErrorCode.ALREADY_EXISTS, () -> inside.write(clashing, Engines.soon()));
            Write misfit = new Write.Apply(
                    KEY, Patch.append(N, 1).and(Patch.set(FieldPath.of("m"), 1)), Condition.none(), false);
            Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> inside.write(misfit, Engines.soon()));
            assertThat(inside.writeAll(List.of(clashing, set(4)), Engines.soon()))
                    .extracting(result -> result.written() != null)
                    .containsExactly(false, true);
            transaction.commit(Engines.soon());
        }
        assertThat(n(collection)).isEqualTo(4);
        assertThat(Engines.column(engine, "SELECT count(*) FROM corestack_log")).containsExactly(3);
    }

    @Test
    void othersWaitForItAndGiveUpInTime() {
        try (EngineTransaction transaction = begin()) {
            Engines.write(transaction.collection("c"), set(2));
            elsewhere(() -> Engines.fails(
                    ErrorCode.DEADLINE_EXCEEDED, () -> collection.write(set(3), Deadline.in(Duration.ofMillis(50)))));
            Future<Written> waiting = threads.submit(() -> Engines.write(collection, set(4)));
            assertThat(waiting.isDone()).isFalse();
            transaction.commit(Engines.soon());
            await().until(waiting::isDone);
        }
        assertThat(n(collection)).isEqualTo(4);
    }

    @Test
    void whatIsForgottenIsRolledBackInTime() {
        EngineTransaction forgotten = engine.store("s").begin(Deadline.in(Duration.ofMillis(300)));
        EngineCollection inside = forgotten.collection("c");
        Engines.write(inside, set(2));
        elsewhere(() -> Engines.write(collection, set(3))); // which waits for the lock
        assertThat(n(collection)).isEqualTo(3);
        Engines.fails(ErrorCode.DEADLINE_EXCEEDED, () -> inside.write(set(4), Engines.soon()));
        Engines.fails(ErrorCode.DEADLINE_EXCEEDED, () -> inside.find(KEY, Engines.soon()));
        Engines.fails(ErrorCode.DEADLINE_EXCEEDED, () -> forgotten.commit(Engines.soon()));
        forgotten.close();
        Engines.write(collection, set(5));
    }

    @Test
    void whatWouldWaitForItselfIsRefused() {
        try (EngineTransaction transaction = begin()) {
            Engines.fails(ErrorCode.FAILED_PRECONDITION, this::begin);
            Engines.fails(ErrorCode.FAILED_PRECONDITION, () -> collection.write(set(2), Engines.soon()));
            Engines.fails(ErrorCode.FAILED_PRECONDITION, () -> collection.deleteAll(Filter.all(), Engines.soon()));
            Engines.fails(
                    ErrorCode.FAILED_PRECONDITION,
                    () -> collection.ensureIndexes(List.of(Index.on(N)), Engines.soon()));
            transaction.commit(Engines.soon());
        }
        Engines.write(collection, set(2));
        try (EngineTransaction again = begin()) {
            Engines.write(again.collection("c"), set(3));
            again.commit(Engines.soon());
        }
    }

    @Test
    void whatIsOverIsRefused() {
        EngineTransaction committed = begin();
        EngineCollection inside = committed.collection("c");
        committed.commit(Engines.soon());
        Engines.fails(ErrorCode.FAILED_PRECONDITION, () -> inside.write(set(2), Engines.soon()));
        Engines.fails(ErrorCode.FAILED_PRECONDITION, () -> committed.commit(Engines.soon()));
        committed.close();
        committed.close();
        EngineTransaction open = begin();
        Engines.write(open.collection("c"), set(3));
        engine.close();
        Engines.fails(ErrorCode.FAILED_PRECONDITION, () -> open.commit(Engines.soon()));
        Engines.fails(ErrorCode.FAILED_PRECONDITION, this::begin);
        open.close();
        try (Engine reopened = Engines.open(folder.resolve("t.db"))) {
            assertThat(n(reopened.store("s").collection("c"))).isEqualTo(1);
        }
    }

    @Test
    void whoCantBeginGivesUpInTime() {
        try (EngineTransaction transaction = begin()) {
            elsewhere(() -> Engines.fails(
                    ErrorCode.DEADLINE_EXCEEDED, () -> engine.store("s").begin(Deadline.in(Duration.ofMillis(50)))));
            elsewhere(() -> {
                Thread.currentThread().interrupt();
                Engines.fails(ErrorCode.CANCELED, this::begin);
                return Thread.interrupted();
            });
            transaction.commit(Engines.soon());
        }
    }

    @Test
    void countersAreNeverLost() throws Exception {
        int threadsCount = 4;
        int rounds = 25;
        List<Callable<Boolean>> work = Collections.nCopies(threadsCount, () -> {
            for (int i = 0; i < rounds; i++) {
                try (EngineTransaction transaction = begin()) {
                    EngineCollection inside = transaction.collection("c");
                    Engines.write(inside, set((Integer) n(inside) + 1));
                    transaction.commit(Engines.soon());
                }
            }
            return true;
        });
        for (Future<Boolean> done : threads.invokeAll(work)) {
            assertThat(done.get()).isTrue();
        }
        assertThat(n(collection)).isEqualTo(1 + threadsCount * rounds);
    }
}
