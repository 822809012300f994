package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.C;
import static org.corestack.postgresql.Engines.LONG;
import static org.corestack.postgresql.Engines.batch;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.keys;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;

import java.sql.Connection;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync.Reason;
import org.corestack.document.Written;
import org.corestack.sql.CommitSignal;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Lost;
import org.corestack.store.spi.ChangeReader.Outcome;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transactions commit in another order than their rows are numbered, and nothing is lost. */
@ExtendWith(NoThreadsLeft.class)
class FeedTest {
    private String database;
    private PostgresEngine engine;

    @BeforeEach
    void open() {
        database = Server.freshDatabase();
        engine = Engines.open(Server.uri(database));
        put(c(engine), "first", 0);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private ChangeReader reader(Position from) {
        return c(engine).changes().open(from);
    }

    @Test
    void aCommitThatComesLateIsNotSkipped() throws Exception {
        try (ChangeReader reader = reader(now(c(engine)));
                OpenTransaction late = new OpenTransaction(database)) {
            Written first = late.insert("late");
            put(c(engine), "early", 1);
            Batch early = batch(reader);
            assertThat(early.changes())
                    .extracting(change -> change.change().key().value())
                    .containsExactly("early");
            assertThat(c(engine).changes().covers(early.upTo(), first.position()))
                    .isFalse();
            late.commit();
            assertThat(keys(reader)).containsExactly("late");
            // Every place on the way is resumed from without a loss.
            assertThat(keys(reader(early.changes().get(0).change().position()))).containsExactly("late");
            assertThat(keys(reader(early.upTo()))).containsExactly("late");
        }
    }

    @Test
    void rowsOfSeveralTransactionsAreResumedBetween() throws Exception {
        Position start = now(c(engine));
        try (OpenTransaction one = new OpenTransaction(database);
                OpenTransaction other = new OpenTransaction(database)) {
            one.insert("a");
            other.insert("b");
            one.insert("c");
            other.insert("d");
            other.commit();
            one.commit();
        }
        List<CollectionChange> all = batch(reader(start)).changes();
        assertThat(all).extracting(change -> change.change().key().value()).containsExactly("a", "b", "c", "d");
        for (int i = 0; i < 3; i++) {
            Position place = all.get(i).change().position();
            assertThat(keys(reader(place)))
                    .as("behind %s", i)
                    .containsExactlyElementsOf(all.subList(i + 1, 4).stream()
                            .map(change -> change.change().key().value())
                            .toList());
        }
    }

    @Test
    void aWritesOwnPositionIsResumedFrom() throws Exception {
        try (OpenTransaction late = new OpenTransaction(database)) {
            late.insert("late");
            Written written = put(c(engine), "own", 1);
            put(c(engine), "next", 1);
            try (ChangeReader reader = reader(written.position())) {
                assertThat(keys(reader)).containsExactly("next");
                late.commit();
                assertThat(keys(reader)).containsExactly("late");
            }
        }
    }

    @Test
    void aWriterInAnotherDatabaseDoesNotHoldTheFeedUp() throws Exception {
        try (Connection elsewhere = Server.connect("postgres");
                ChangeReader reader = reader(now(c(engine)))) {
            elsewhere.setAutoCommit(false);
            Server.query(elsewhere, "SELECT pg_current_xact_id()");
            for (int i = 0; i < 3; i++) {
                Written written = put(c(engine), "k" + i, i);
                Batch batch = batch(reader);
                assertThat(batch.changes()).hasSize(1);
                assertThat(c(engine).changes().covers(batch.upTo(), written.position()))
                        .isTrue();
            }
            elsewhere.rollback();
        }
    }

    @Test
    void whatASavepointTookBackIsNotHeard() throws Exception {
        try (ChangeReader reader = reader(now(c(engine)));
                OpenTransaction open = new OpenTransaction(database)) {
            open.insert("kept");
            Savepoint first = open.connection().setSavepoint();
            open.insert("undone");
            open.connection().rollback(first);
            open.connection().setSavepoint();
            open.insert("kept too");
            open.commit();
            assertThat(keys(reader)).containsExactly("kept", "kept too");
        }
    }

    @Test
    void withoutAnyNoticeNothingIsLost() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (PostgresEngine silent = Engines.open(Server.uri(database), Duration.ofHours(1), false);
                ChangeReader reader = reader(now(c(engine)))) {
            CommitSignal signal = engine.database().signals().of(new StoreName("s"));
            for (int i = 0; i < 3; i++) {
                Future<Outcome> waiting = threads.submit(() -> reader.next(C, Duration.ofHours(1)));
                await().until(signal::isAwaited);
                put(c(silent), "k" + i, i);
                assertThat(((Batch) waiting.get(30, TimeUnit.SECONDS)).changes())
                        .hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aCommitOfAnotherProcessIsHeardOf() throws Exception {
        try (PostgresEngine other = Engines.open(Server.uri(database));
                ChangeReader reader = reader(now(c(engine)))) {
            reader.next(C, Duration.ofMillis(50));
            await().until(() -> Server.query(
                                    database,
                                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' OR query = 'SELECT 1'")
                            .compareTo("0")
                    > 0);
            CommitSignal signal = engine.database().signals().of(new StoreName("s"));
            long before = signal.count();
            put(c(other), "k", 1);
            await().until(() -> signal.count() > before);
            assertThat(keys(reader)).containsExactly("k");
        }
    }

    @Test
    void manyRowsComeInPages() {
        Position start = now(c(engine));
        Server.run(
                database,
                "INSERT INTO s._corestack_log (seq, collection, key, op) SELECT nextval('s._corestack_seq'), 'c',"
                        + " '\\x036b00', 2 FROM generate_series(1, 3000)");
        int heard = 0;
        long last = 0;
        try (ChangeReader reader = reader(start)) {
            while (heard < 3_000) {
                Batch batch = batch(reader);
                for (CollectionChange change : batch.changes()) {
                    assertThat(change.change().version()).isGreaterThan(last);
                    last = change.change().version();
                    heard++;
                }
                assertThat(batch.more() || heard == 3_000).isTrue();
            }
            assertThat(batch(reader, Duration.ofMillis(1)).more()).isFalse();
        }
    }

    @Test
    void whatIsTrimmedIsAResync() {
        Duration shortly = Duration.ofMillis(300);
        try (PostgresEngine trimming = Engines.open(Server.uri(database), shortly, true)) {
            Position old = now(c(trimming));
            c(trimming).keepImages(true, Engines.soon());
            put(c(trimming), "k", 1);
            assertThat(Server.query(database, "SELECT count(*) FROM s._corestack_image"))
                    .isEqualTo("1");
            await().until(() -> Server.query(database, "SELECT count(*) FROM s._corestack_log")
                    .equals("0"));
            assertLost(reader(old).next(C, LONG), Reason.HISTORY_TRIMMED);
            assertThat(Server.query(database, "SELECT count(*) FROM s._corestack_image"))
                    .isEqualTo("0");
            Position kept = now(c(trimming));
            awaitMark(Duration.ofMillis(700)); // long after what is trimmed now, while nothing is written
            put(c(trimming), "l", 2);
            assertThat(keys(reader(kept))).containsExactly("l");
        }
    }

    private void awaitMark(Duration fromNow) {
        String now = Server.query(database, "SELECT clock_timestamp()::text");
        await().until(() -> Server.query(
                        database,
                        "SELECT count(*) > 0 FROM s._corestack_mark WHERE at > '" + now + "'::timestamptz + interval '"
                                + fromNow.toMillis() + " milliseconds'")
                .equals("t"));
    }

    @Test
    void whatIsRecentIsKept() {
        try (PostgresEngine trimming = Engines.open(Server.uri(database), Duration.ofMillis(1_500), true)) {
            Position start = now(c(trimming));
            try (ChangeReader reader = reader(start)) {
                put(c(trimming), "k", 1);
                await().until(() ->
                        Integer.parseInt(Server.query(database, "SELECT count(*) FROM s._corestack_mark")) > 2);
                assertThat(keys(reader)).containsExactly("k");
            }
        }
    }

    @Test
    void positionsOfOtherHistoriesAreResyncs() {
        String text = now(c(engine)).text();
        assertLost(
                reader(new Position(text.replaceFirst("pg1:[0-9]+", "pg1:7"))).next(C, LONG), Reason.OTHER_HISTORY);
        assertLost(
                reader(new Position(text.replaceFirst("-[0-9A-F]{8}-", "-0000002A-")))
                        .next(C, LONG),
                Reason.OTHER_HISTORY);
        assertLost(reader(new Position("sqlite1:1:2:3")).next(C, LONG), Reason.NOT_A_POSITION);
        Server.run(database, "DROP SCHEMA s CASCADE");
        put(c(engine), "again", 1);
        assertLost(reader(new Position(text)).next(C, LONG), Reason.OTHER_HISTORY);
    }

    /** Row by row, as a dump does: the rows name transactions of a cluster that is not this one. */
    @Test
    void aLogThatWasCopiedFromAnotherClusterIsBegunAnew() {
        Server.run(
                database,
                "UPDATE s._corestack_meta SET cluster = '7-7'",
                "UPDATE s._corestack_log SET xid = '4611686018427387904'");
        Position start = now(c(engine));
        try (ChangeReader reader = reader(start)) {
            assertLost(reader.next(C, LONG), Reason.OTHER_HISTORY);
        }
        Position anew = now(c(engine));
        put(c(engine), "k", 1);
        assertThat(keys(reader(anew))).containsExactly("k");
        assertThat(Server.query(database, "SELECT count(*) FROM s._corestack_log"))
                .isEqualTo("1");
    }

    private static void assertLost(Outcome outcome, Reason reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.resync().reason()).isEqualTo(reason));
    }

    @Test
    void aKeyIsReadAsTheDocumentIsNow() {
        Position start = now(c(engine));
        put(c(engine), "k", 1);
        put(c(engine), "k", 2);
        Batch batch = batch(reader(start));
        assertThat(batch.changes())
                .extracting(change -> change.change().document().get("v"))
                .containsOnly(2);
        assertThat(batch.changes()).extracting(change -> change.change().key()).containsOnly(Key.of("k"));
    }
}
