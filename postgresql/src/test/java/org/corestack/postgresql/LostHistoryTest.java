package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.C;
import static org.corestack.postgresql.Engines.LONG;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.keys;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Position;
import org.corestack.document.Resync.Reason;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.Lost;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.EngineTransaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is dropped, restored or far away under a reader. */
class LostHistoryTest extends EngineTest {
    private static final String LOG = "s._corestack_log";

    @BeforeEach
    void begin() {
        put(c(engine), "k", 1);
    }

    private ChangeReader reader(Position from) {
        return c(engine).changes().open(from);
    }

    private static void assertLost(ChangeReader reader, Reason reason) {
        assertThat(reader.next(C, LONG))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.resync().reason()).isEqualTo(reason));
    }

    @Test
    void theChangesOfACollectionThatWasDroppedHaveNoDocuments() {
        Position start = now(c(engine));
        put(c(engine), "k", 2);
        Server.run(database, "DROP TABLE s.c");
        try (ChangeReader reader = reader(start)) {
            Batch batch = Engines.batch(reader);
            assertThat(batch.changes()).singleElement().satisfies(change -> {
                assertThat(change.change().key().value()).isEqualTo("k");
                assertThat(change.change().document()).isNull();
            });
            put(c(engine), "l", 1);
            assertThat(keys(reader)).containsExactly("l");
        }
    }

    @Test
    void aStoreThatWasDroppedIsAResync() {
        try (ChangeReader reader = reader(now(c(engine)))) {
            reader.next(C, Duration.ofMillis(20));
            Server.run(database, "DROP SCHEMA s CASCADE");
            assertLost(reader, Reason.OTHER_HISTORY);
        }
        try (ChangeReader reader = reader(now(c(engine)))) {
            reader.next(C, Duration.ofMillis(20));
            put(c(engine), "l", 1);
            assertThat(keys(reader)).containsExactly("l");
        }
    }

    @Test
    void aStoreThatIsRestoredInItsPlaceIsAResync() {
        long before = put(c(engine), "k", 2).version();
        Position old = now(c(engine));
        Server.run( // as pg_restore --clean does
                database,
                "CREATE TABLE s.restored (LIKE " + LOG + " INCLUDING ALL)",
                "INSERT INTO s.restored SELECT * FROM " + LOG,
                "DROP TABLE " + LOG,
                "ALTER TABLE s.restored RENAME TO _corestack_log",
                "SELECT setval('s._corestack_seq', 1)");
        try (ChangeReader reader = reader(old)) {
            assertLost(reader, Reason.OTHER_HISTORY);
        }
        try (ChangeReader reader = reader(now(c(engine)))) {
            assertThat(put(c(engine), "k", 3).version()).isGreaterThan(before);
            assertThat(keys(reader)).containsExactly("k");
        }
    }

    @Test
    void aNumberThatIsTooLargeMakesNoPosition() {
        String text = now(c(engine)).text();
        String place = text.substring(0, text.length() - 1);
        for (String end : List.of(":-:1:zzzzzzzzzzzzz.", ":-:zzzzzzzzzzzz:3w5e11264sgsg.", ":1z,1+zzzzzzzzzzz:1:1.")) {
            try (ChangeReader reader = reader(new Position(place + end))) {
                assertLost(reader, Reason.NOT_A_POSITION);
            }
            assertThat(c(engine).changes().covers(new Position(text), new Position(place + end)))
                    .isFalse();
        }
    }

    @Test
    void aWriteOfAnotherStoreIsNotCovered() {
        Position other = put(engine.store("other").collection("c"), "k", 1).position();
        Position own = put(c(engine), "k", 2).position();
        Position reached = now(c(engine));
        assertThat(c(engine).changes().covers(reached, own)).isTrue();
        assertThat(c(engine).changes().covers(reached, other)).isFalse();
        try (ChangeReader reader = reader(other)) {
            assertLost(reader, Reason.OTHER_HISTORY);
        }
    }

    private ChangeReader impatientReader(Position from) {
        PostgresStore store = (PostgresStore) engine.store("s");
        return new PostgresChangeReader(
                engine.database(), store.name(), store.schema(), new Milestones(), from, Duration.ofMillis(150));
    }

    @Test
    void aReadThatTakesTheServerLongIsGivenTheTime() throws Exception {
        Position start = now(c(engine));
        put(c(engine), "k", 2);
        try (ChangeReader reader = impatientReader(start);
                Connection slow = Server.connect(database)) {
            slow.setAutoCommit(false);
            slow.createStatement().execute("LOCK TABLE " + LOG + " IN ACCESS EXCLUSIVE MODE");
            Future<List<Object>> heard = threads.submit(() -> keys(reader));
            Held.awaitBlocked(database, 1);
            Deadline late = Deadline.in(Duration.ofSeconds(1));
            await().until(late::isExpired);
            slow.rollback();
            assertThat(heard.get(20, TimeUnit.SECONDS)).containsExactly("k");
        }
    }

    @Test
    void onlyOneReaderIsGivenTheTimeAtOnce() throws Exception {
        Position start = now(c(engine));
        put(c(engine), "k", 2);
        try (ChangeReader one = impatientReader(start);
                ChangeReader two = impatientReader(start);
                Connection slow = Server.connect(database)) {
            slow.setAutoCommit(false);
            slow.createStatement().execute("LOCK TABLE " + LOG + " IN ACCESS EXCLUSIVE MODE");
            Future<List<Object>> heard = threads.submit(() -> keys(one));
            await().until(() -> engine.database().pool().patience().availablePermits() == 0);
            assertThat(Engines.codeOf(catchThrowable(() -> two.next(C, LONG)))).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            slow.rollback();
            assertThat(heard.get(20, TimeUnit.SECONDS)).containsExactly("k");
            assertThat(keys(two)).containsExactly("k");
        }
        assertThat(engine.database().pool().patience().availablePermits()).isEqualTo(1);
    }

    @Test
    void aStoreThatItsStatementsMadeHasAFeed() {
        EngineCollection made = engine.store("made").collection("c");
        Server.run(database, made.statements(List.of()).toArray(String[]::new));
        assertThat(Server.query(database, "SELECT store FROM made._corestack_meta"))
                .hasSize(32);
        assertHeard(made);
    }

    /** As former statements left it. */
    @Test
    void aStoreOfWhichNothingSaysWhatItIsHasAFeed() {
        EngineCollection made = engine.store("made").collection("c");
        Server.run(database, made.statements(List.of()).toArray(String[]::new));
        Server.run(database, "DELETE FROM made._corestack_meta");
        assertHeard(made);
        assertThat(Server.query(database, "SELECT count(*) FROM made._corestack_meta"))
                .isEqualTo("1");
    }

    private static void assertHeard(EngineCollection made) {
        Position start = now(made);
        Position written = put(made, "k", 1).position();
        Position since = made.changes().at(Instant.EPOCH, Engines.soon());
        for (Position from : List.of(start, since)) {
            try (ChangeReader reader = made.changes().open(from)) {
                assertThat(keys(reader)).containsExactly("k");
            }
        }
        assertThat(made.changes().covers(now(made), written)).isTrue();
    }

    @Test
    void aWriteOfATransactionThatMadeItsStoreIsCovered() {
        EngineStore fresh = engine.store("fresh");
        Position before = now(fresh.collection("c"));
        Position written;
        try (EngineTransaction transaction = fresh.begin(Engines.soon())) {
            written = put(transaction.collection("c"), "k", 1).position();
            transaction.commit(Engines.soon());
        }
        Position reached = now(fresh.collection("c"));
        assertThat(fresh.collection("c").changes().covers(reached, written)).isTrue();
        assertThat(fresh.collection("c").changes().covers(before, written)).isFalse();
        put(fresh.collection("c"), "l", 1);
        try (ChangeReader reader = fresh.collection("c").changes().open(written)) {
            assertThat(keys(reader)).containsExactly("l");
        }
    }
}
