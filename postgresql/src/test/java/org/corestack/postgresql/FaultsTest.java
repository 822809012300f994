package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.codeOf;
import static org.corestack.postgresql.Engines.keys;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.Deadline;
import org.corestack.testkit.FaultyProxy;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server blocks, is silent, or ends connections. */
@ExtendWith(NoThreadsLeft.class)
class FaultsTest {
    private static final Key K = Key.of("k");
    private static final Write REPLACE = new Write.Replace(K, Document.of("v", 2), Condition.none());

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

    private OpenTransaction holdingK() throws Exception {
        OpenTransaction open = new OpenTransaction(database);
        open.write(REPLACE);
        return open;
    }

    private void awaitBlocked(int count) {
        await().until(() -> Integer.parseInt(Server.query(
                        database,
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'"))
                == count);
    }

    private Throwable failure(Write write, Duration timeout) {
        return catchThrowable(() -> c(engine).write(write, Deadline.in(timeout)));
    }

    @Test
    void aWriteThatWaitsTooLongHasNotTakenPlace() throws Exception {
        try (OpenTransaction open = holdingK()) {
            Throwable late = failure(REPLACE, Duration.ofMillis(300));
            assertThat(codeOf(late)).as("%s", late).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(late.getMessage()).doesNotContain("not known");
            awaitBlocked(0);
        }
        assertThat(stored().document()).isEqualTo(Document.of("v", 1));
    }

    private StoredDocument stored() {
        return c(engine).find(K, Engines.soon()).orElseThrow();
    }

    @Test
    void anInterruptEndsAWriteThatWaits() throws Exception {
        try (OpenTransaction open = holdingK()) {
            AtomicReference<Thread> thread = new AtomicReference<>();
            Future<ErrorCode> blocked = threads.submit(() -> {
                thread.set(Thread.currentThread());
                ErrorCode code = codeOf(failure(REPLACE, Duration.ofSeconds(60)));
                return Thread.interrupted() ? code : ErrorCode.UNKNOWN;
            });
            awaitBlocked(1);
            thread.get().interrupt();
            assertThat(blocked.get(20, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CANCELED);
            awaitBlocked(0);
        }
        assertThat(stored().document()).isEqualTo(Document.of("v", 1));
    }

    @Test
    void closingCancelsWhatWaits() throws Exception {
        try (OpenTransaction open = holdingK()) {
            Future<Throwable> blocked = threads.submit(() -> failure(REPLACE, Duration.ofSeconds(60)));
            awaitBlocked(1);
            engine.close();
            assertThat(codeOf(blocked.get(20, TimeUnit.SECONDS))).isEqualTo(ErrorCode.FAILED_PRECONDITION);
            awaitBlocked(0);
        }
    }

    @Test
    void aPoolThatIsUsedUpIsNamed() throws Exception {
        try (OpenTransaction open = holdingK()) {
            List<Future<Throwable>> blocked = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                blocked.add(threads.submit(() -> failure(REPLACE, Duration.ofSeconds(30))));
            }
            awaitBlocked(2);
            Throwable none = catchThrowable(() -> c(engine).find(K, Deadline.in(Duration.ofMillis(200))));
            assertThat(codeOf(none)).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(none).hasMessageContaining("all 2 of the pool");
            // A feed has connections of its own.
            try (ChangeReader reader =
                    c(engine).changes().open(open.insert("feed").position())) {
                reader.next(Engines.C, Duration.ofMillis(20));
            }
            open.commit();
            for (Future<Throwable> one : blocked) {
                assertThat(one.get(20, TimeUnit.SECONDS)).isNull();
            }
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        proxy.stall();
        Throwable read = catchThrowable(() -> c(engine).find(K, Deadline.in(Duration.ofMillis(300))));
        assertThat(codeOf(read)).as("%s", read).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.UNAVAILABLE);
        Throwable write = failure(REPLACE, Duration.ofMillis(300));
        assertThat(codeOf(write)).as("%s", write).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.UNAVAILABLE);
        proxy.heal();
        await().until(() -> catchThrowable(() -> put(c(engine), "l", 1)) == null);
    }

    @Test
    void writesAtAServerThatIsGoneAreNotTriedOneByOne() {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            writes.add(new Write.Insert(Key.of("n-" + i), Document.of("v", i)));
        }
        proxy.close();
        assertThat(catchThrowable(this::stored))
                .as("a read, which finds out that no connection is left")
                .isNotNull();
        Throwable refused = catchThrowable(() -> c(engine).writeAll(writes, Deadline.in(Duration.ofMinutes(5))));
        assertThat(codeOf(refused)).as("%s", refused).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(((CoreException) refused).outcomeUnknown()).isFalse();
    }

    @Test
    void aWatchGoesOnBehindASilence() {
        try (ChangeReader reader = c(engine).changes().open(now(c(engine)))) {
            reader.next(Engines.C, Duration.ofMillis(20));
            proxy.cut();
            try (PostgresEngine other = Engines.open(Server.uri(database))) {
                put(c(other), "l", 1);
            }
            await().ignoreExceptions().until(() -> keys(reader).equals(List.of("l")));
        }
    }

    @Test
    void connectionsThatAnAdministratorEndedAreReplaced() {
        for (int i = 0; i < 3; i++) {
            Server.run(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
            assertThat(stored().document()).isEqualTo(Document.of("v", 1)); // a read is done again
        }
    }

    @Test
    void aWriteWhoseConnectionWasEndedSaysThatItsOutcomeIsNotKnown() throws Exception {
        try (OpenTransaction open = holdingK()) {
            Future<Throwable> blocked = threads.submit(() -> failure(REPLACE, Duration.ofSeconds(30)));
            awaitBlocked(1);
            Server.run(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '"
                            + database + "'");
            Throwable ended = blocked.get(20, TimeUnit.SECONDS);
            assertThat(codeOf(ended)).as("%s", ended).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(ended).hasMessageContaining("whether the write took place is not known");
        }
    }
}
