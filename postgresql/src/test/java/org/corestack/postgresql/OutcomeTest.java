package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.codeOf;
import static org.corestack.postgresql.Engines.put;
import static org.corestack.postgresql.Engines.soon;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineTransaction;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.corestack.testkit.FaultyProxy;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an error says of whether a write took place is so. */
@ExtendWith(NoThreadsLeft.class)
class OutcomeTest {
    private static final FieldPath V = FieldPath.of("v");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private String database;
    private FaultyProxy proxy;
    private PostgresEngine engine;

    @BeforeEach
    void open() {
        database = Server.freshDatabase();
        proxy = FaultyProxy.open("127.0.0.1", Server.port());
        engine = Engines.open(Server.uri(database, proxy.port()) + "?pool=2");
        put(c(engine), "k", 1);
    }

    @AfterEach
    void close() {
        proxy.heal();
        engine.close();
        proxy.close();
        threads.shutdownNow();
    }

    private static Write increment(Object key) {
        return new Write.Apply(Key.of(key), Patch.increment(V, 1), Condition.none(), false);
    }

    private Object valueOf(Object key) {
        return c(engine).find(Key.of(key), soon()).orElseThrow().document().get("v");
    }

    private static CoreException error(WriteResult result) {
        return Objects.requireNonNull(result.failure());
    }

    @Test
    void aBulkWhoseCommitWasNotAnsweredIsNotDoneAgain() throws Exception {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            put(c(engine), i, 0);
            writes.add(increment(i));
        }
        try (Held held = new Held(database)) {
            Future<List<WriteResult>> bulk = threads.submit(() -> c(engine).writeAll(writes, soon()));
            Held.awaitBlocked(database, 1);
            proxy.stall();
            held.letGo();
            await().until(() -> Server.query(database, "SELECT doc->>'v' FROM s.c ORDER BY key LIMIT 1")
                    .equals("1"));
            proxy.cut();
            proxy.heal();
            List<WriteResult> results = bulk.get(30, TimeUnit.SECONDS);
            assertThat(results).hasSize(300);
            assertThat(results.subList(0, BulkWrite.AT_ONCE))
                    .allMatch(result ->
                            result.status() == Status.FAILED && error(result).outcomeUnknown());
            assertThat(results.subList(BulkWrite.AT_ONCE, 300))
                    .allMatch(result ->
                            result.status() == Status.FAILED && !error(result).outcomeUnknown());
        }
        for (int i = 0; i < 300; i++) {
            assertThat(valueOf(i)).isEqualTo(i < BulkWrite.AT_ONCE ? 1 : 0);
        }
    }

    @Test
    void aCommitThatWasNotAnsweredInTimeIsNotSaidToBeRolledBack() throws Exception {
        try (Held held = new Held(database)) {
            Future<Throwable> transaction = threads.submit(() -> catchThrowable(() -> {
                Deadline deadline = Deadline.in(Duration.ofSeconds(3));
                try (EngineTransaction open = engine.store("s").begin(deadline)) {
                    open.collection("c").write(increment("k"), deadline);
                    open.commit(deadline);
                }
            }));
            Held.awaitBlocked(database, 1);
            proxy.stall();
            held.letGo();
            Throwable error = transaction.get(30, TimeUnit.SECONDS);
            assertThat(codeOf(error)).as("%s", error).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(((CoreException) error).outcomeUnknown()).isTrue();
            assertThat(error.getMessage()).doesNotContain("rolled back");
            proxy.heal();
        }
        await().ignoreExceptions().until(() -> valueOf("k").equals(2));
    }

    @Test
    void aWriteThatGotNoConnectionWasNotDone() {
        proxy.refuse();
        proxy.cut();
        for (int i = 0; i < 3; i++) {
            Throwable error = catchThrowable(() -> c(engine).write(increment("k"), soon()));
            assertThat(codeOf(error)).as("%s", error).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(((CoreException) error).outcomeUnknown()).isFalse();
        }
        proxy.heal();
        await().ignoreExceptions().until(() -> valueOf("k").equals(1));
    }

    @Test
    void whatABulkDidBeforeItsTimeWasOverIsTold() throws Exception {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            writes.add(new Write.Insert(Key.of(i), Document.of("v", i)));
        }
        try (OpenTransaction open = new OpenTransaction(database)) {
            open.insert(400);
            List<WriteResult> results = c(engine).writeAll(writes, Deadline.in(Duration.ofSeconds(2)));
            assertThat(results.subList(0, 250)).allMatch(result -> result.written() != null);
            assertThat(results.subList(250, 500)).allSatisfy(result -> {
                assertThat(error(result).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
                assertThat(error(result).outcomeUnknown()).isFalse();
            });
        }
        assertThat(Server.query(database, "SELECT count(*) FROM s.c")).isEqualTo("251");
    }

    private Connection ownTransaction() throws Exception {
        Connection connection = Server.connect(database);
        connection.setAutoCommit(false);
        Server.query(connection, "SELECT 1");
        return connection;
    }

    @Test
    void aLateWriteOfAJoinedTransactionIsToldAsItIs() throws Exception {
        try (Connection own = ownTransaction();
                OpenTransaction open = new OpenTransaction(database)) {
            open.insert("new");
            Future<Object> write = threads.submit(() -> {
                try (EngineTransaction joined = engine.store("s").join(own).orElseThrow()) {
                    Deadline deadline = Deadline.in(Duration.ofMillis(400));
                    return joined.collection("c").write(new Write.Insert(Key.of("new"), Document.of("v", 7)), deadline);
                } catch (CoreException e) {
                    return e;
                }
            });
            Held.awaitBlocked(database, 1);
            Deadline late = Deadline.in(Duration.ofMillis(500));
            await().until(late::isExpired);
            open.connection().rollback();
            Object result = write.get(20, TimeUnit.SECONDS);
            own.commit();
            boolean there = c(engine).find(Key.of("new"), soon()).isPresent();
            boolean done = result instanceof WriteResult told && told.written() != null;
            assertThat(done).as("%s", result).isEqualTo(there);
        }
    }

    @Test
    void aWriteOfAJoinedTransactionIsGivenUpAndTheRestGoesOn() throws Exception {
        try (Connection own = ownTransaction();
                OpenTransaction open = new OpenTransaction(database)) {
            open.write(increment("k"));
            try (EngineTransaction joined = engine.store("s").join(own).orElseThrow()) {
                Throwable late = catchThrowable(
                        () -> joined.collection("c").write(increment("k"), Deadline.in(Duration.ofMillis(200))));
                assertThat(codeOf(late)).as("%s", late).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
                joined.collection("c").write(new Write.Insert(Key.of("other"), Document.of("v", 7)), soon());
            }
            own.commit();
        }
        assertThat(valueOf("other")).isEqualTo(7);
        assertThat(valueOf("k")).isEqualTo(1);
    }

    @Test
    void anOperationThatIsGivenUpEndsItsTransaction() throws Exception {
        try (OpenTransaction other = new OpenTransaction(database);
                EngineTransaction open = engine.store("s").begin(soon())) {
            other.write(increment("k"));
            open.collection("c").write(new Write.Insert(Key.of("other"), Document.of("v", 7)), soon());
            Throwable late = catchThrowable(
                    () -> open.collection("c").write(increment("k"), Deadline.in(Duration.ofMillis(200))));
            assertThat(codeOf(late)).as("%s", late).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            Throwable end = catchThrowable(() -> open.commit(soon()));
            assertThat(codeOf(end)).as("%s", end).isEqualTo(ErrorCode.FAILED_PRECONDITION);
            assertThat(((CoreException) end).outcomeUnknown()).isFalse();
        }
        assertThat(c(engine).find(Key.of("other"), soon())).isEmpty();
    }
}
