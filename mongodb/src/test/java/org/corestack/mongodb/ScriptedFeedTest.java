package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.ChangeReader.Lost;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.corestack.testkit.ScriptedMongoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a stream is read and resumed; each script says which test of the public driver specifications it tells again. */
class ScriptedFeedTest {
    private static final Map<String, Content> KEYS = Map.of("things", Content.KEYS);
    private static final Map<String, Content> LATEST = Map.of("things", Content.LATEST);
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final ScriptedMongoServer server = new ScriptedMongoServer();
    private final Engine engine = new MongoEngineProvider()
            .open(new EngineConfig(server.uri(), "script", Duration.ofSeconds(5), Duration.ofHours(1)));
    private final ChangeSource changes =
            engine.store("shop").collection("things").changes();

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    /** A token as the server makes it: the time in its ordered form, then what tells events of one time apart. */
    private static BsonDocument token(BsonTimestamp time, int rest) {
        return new BsonDocument("_data", new BsonString(String.format("82%016X%02X", time.getValue(), rest)));
    }

    private BsonDocument event(String operation, String key, String more) {
        BsonTimestamp time = server.tick();
        BsonDocument event = new BsonDocument("_id", token(time, 0x46))
                .append("operationType", new BsonString(operation))
                .append("clusterTime", time)
                .append("documentKey", new BsonDocument("_id", new BsonString(key)));
        event.putAll(BsonDocument.parse(more));
        return event;
    }

    private BsonDocument insert(String key) {
        return event("insert", key, "{fullDocument: {_cs: {v: {$timestamp: {t: 5, i: 1}}, by: 'shop-1 9'}}}");
    }

    private static BsonDocument answer(String which, BsonDocument postBatchToken, BsonDocument... events) {
        BsonDocument reply = ScriptedMongoServer.batch(which, 77, events);
        reply.getDocument("cursor").append("postBatchResumeToken", postBatchToken);
        return reply;
    }

    private void streams(String which, BsonDocument... events) {
        BsonDocument last = events[events.length - 1].getDocument("_id");
        server.on(which.equals("firstBatch") ? "aggregate" : "getMore", asked -> answer(which, last, events));
    }

    private Position start() {
        return MongoPosition.behind(server.collection(), server.time()).toPosition();
    }

    private static Batch batch(ChangeReader reader, Map<String, Content> interest) {
        return (Batch) reader.next(interest, WAIT);
    }

    private BsonDocument stage(int aggregate) {
        return server.received("aggregate")
                .get(aggregate)
                .getArray("pipeline")
                .get(0)
                .asDocument()
                .getDocument("$changeStream");
    }

    @Test
    void changesCarryWhatTheEventSays() {
        Position start = start();
        BsonDocument inserted = insert("i");
        BsonDocument updated = event(
                "update",
                "u",
                "{meta: [{k: '_cs.v', v: {$timestamp: {t: 5, i: 2}}}, {k: '_cs.by', v: 'shop-2 10'}],"
                        + " wallTime: {$date: '2026-11-24T12:00:00.5Z'}}");
        BsonDocument foreign = event("replace", "f", "{fullDocument: {}}");
        BsonDocument deleted = event("delete", "d", "{}");
        streams("firstBatch", inserted, updated, foreign, deleted);
        try (ChangeReader reader = changes.open(start)) {
            List<Change> heard = batch(reader, KEYS).changes().stream()
                    .map(ChangeReader.CollectionChange::change)
                    .toList();
            assertThat(heard)
                    .extracting(change -> change.operation() + " " + change.key())
                    .containsExactly("INSERT i", "UPDATE u", "UPDATE f", "DELETE d");
            assertThat(heard).extracting(Change::source).containsExactly("shop-1", "shop-2", null, null);
            BsonTimestamp deletion = deleted.getTimestamp("clusterTime");
            assertThat(heard)
                    .extracting(Change::version)
                    .containsExactly((5L << 31) + 1, (5L << 31) + 2, 0L, Versions.of(deletion));
            assertThat(heard.get(1).time()).isEqualTo("2026-11-24T12:00:00.500Z");
            assertThat(heard).extracting(Change::document).containsOnlyNulls();
        }
        assertThat(stage(0).getTimestamp("startAtOperationTime").getInc()).isEqualTo(2);
    }

    /** change-streams, prose tests 1 and 11: the token behind what was given, at a batch's end its postBatchResumeToken. */
    @Test
    void eachPlaceIsResumedFromByItsToken() {
        BsonDocument first = insert("a");
        BsonDocument second = insert("b");
        BsonDocument behind = token(server.tick(), 0);
        server.on("aggregate", asked -> answer("firstBatch", behind, first, second));
        List<ChangeReader.CollectionChange> heard;
        try (ChangeReader reader = changes.open(start())) {
            heard = batch(reader, KEYS).changes();
            Batch idle = batch(reader, KEYS);
            assertThat(idle.changes()).isEmpty();
            resumed(idle.upTo());
        }
        resumed(heard.get(0).change().position());
        assertThat(stage(1).getDocument("startAfter")).isEqualTo(behind);
        assertThat(stage(2).getDocument("startAfter")).isEqualTo(first.getDocument("_id"));
    }

    private void resumed(Position from) {
        streams("firstBatch", insert("more"));
        try (ChangeReader reader = changes.open(new Position(from.text()))) {
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
        }
    }

    /** change-streams/change-streams-resume-errorLabels: "change stream resumes after NotWritablePrimary"; prose test 3. */
    @Test
    void aStreamGoesOnAfterAnElection() {
        streams("firstBatch", insert("a"));
        server.fail("getMore", 10107, "NotWritablePrimary", "ResumableChangeStreamError");
        streams("firstBatch", insert("b"));
        readTwo();
        assertThat(stage(1).getDocument("resumeAfter")).isEqualTo(token(new BsonTimestamp(1_700_000_000, 2), 0x46));
    }

    /** change-streams, "Resumable Error": any error that is not the server's. */
    @Test
    void aStreamGoesOnAfterACut() {
        streams("firstBatch", insert("a"));
        server.cut("getMore");
        streams("firstBatch", insert("b"));
        readTwo();
    }

    /** change-streams, "Resumable Error": CursorNotFound, which has no label. */
    @Test
    void aStreamGoesOnAfterItsCursorIsGone() {
        streams("firstBatch", insert("a"));
        server.fail("getMore", 43, "CursorNotFound");
        streams("firstBatch", insert("b"));
        readTwo();
    }

    /** Each took a connection of the user's pool, so that reads and writes waited for one. */
    @Test
    void feedsOverAClientOfTheUsersLeaveConnectionsForTheRest() {
        for (int i = 0; i < 50; i++) {
            server.fail("aggregate", 216, "ElectionInProgress");
        }
        List<ChangeReader> readers = new ArrayList<>();
        try (MongoClient own = MongoClients.create(server.uri());
                Engine adopted = new MongoEngineProvider()
                        .adopt(own, new EngineConfig("", "script", Duration.ofSeconds(5), Duration.ofHours(1)))
                        .orElseThrow()) {
            ChangeSource source = adopted.store("shop").collection("things").changes();
            for (int i = 0; i < 50; i++) {
                readers.add(source.open(start()));
                assertThatThrownBy(() -> readers.get(readers.size() - 1).next(KEYS, WAIT))
                        .hasMessageContaining("ElectionInProgress");
            }
            streams("firstBatch", insert("a"));
            try (ChangeReader tooMany = source.open(start())) {
                assertThatThrownBy(() -> tooMany.next(KEYS, WAIT))
                        .isInstanceOfSatisfying(
                                CoreException.class,
                                error -> assertThat(error.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED));
                readers.get(0).close();
                readers.get(0).close();
                assertThat(batch(tooMany, KEYS).changes()).hasSize(1);
            }
            readers.forEach(ChangeReader::close);
        }
    }

    /** A full answer was taken for all that there was, and a watch that was behind for up to date. */
    @Test
    void aFullAnswerIsNotTakenForAllThatThereIs() {
        BsonDocument[] full = new BsonDocument[1_000];
        Arrays.setAll(full, i -> insert("a" + i));
        streams("firstBatch", full);
        streams("nextBatch", insert("last"));
        try (ChangeReader reader = changes.open(start())) {
            Batch batch = batch(reader, KEYS);
            assertThat(batch.changes()).hasSize(1_000);
            assertThat(batch.more()).isTrue();
            assertThat(batch(reader, KEYS).more()).isFalse();
        }
    }

    private void readTwo() {
        try (ChangeReader reader = changes.open(start())) {
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
            assertThat(batch(reader, KEYS).changes())
                    .extracting(change -> change.change().key())
                    .containsExactly(Key.of("b"));
        }
        assertThat(server.received("aggregate")).hasSize(2);
    }

    /** change-streams, prose test 4: an error of the aggregate is not resumed by the driver; the reader can be used again. */
    @Test
    void anErrorAtTheStartIsToldAndTheReaderGoesOn() {
        server.fail("aggregate", 216, "ElectionInProgress");
        streams("firstBatch", insert("a"));
        try (ChangeReader reader = changes.open(start())) {
            assertThatThrownBy(() -> reader.next(KEYS, WAIT)).isInstanceOf(CoreException.class);
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
        }
        assertThat(stage(1).getTimestamp("startAtOperationTime"))
                .isEqualTo(stage(0).getTimestamp("startAtOperationTime"));
    }

    /** It was given the same 20 s again and again, and never came through a long history of other collections. */
    @Test
    void aResumptionThatTakesTooLongIsGivenMoreTime() {
        server.fail("aggregate", 50, "MaxTimeMSExpired");
        server.fail("aggregate", 50, "MaxTimeMSExpired");
        streams("firstBatch", insert("a"));
        try (ChangeReader reader = changes.open(start())) {
            for (int times = 0; times < 2; times++) {
                assertThatThrownBy(() -> reader.next(KEYS, WAIT))
                        .isInstanceOfSatisfying(
                                CoreException.class,
                                error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
            }
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
        }
        List<Long> times = server.received("aggregate").stream()
                .map(asked -> asked.getNumber("maxTimeMS").longValue())
                .toList();
        assertThat(times.get(0)).isBetween(10_000L, 20_000L);
        assertThat(times.get(1)).isBetween(60_000L, 80_000L);
        assertThat(times.get(2)).isBetween(240_000L, 320_000L);
    }

    /** change-streams, prose tests 11 and 14: what an empty batch says is where the stream is, and is resumed from. */
    @Test
    void theTokenOfAnIdleStreamIsKeptAndUsed() {
        BsonDocument idle = token(server.tick(), 0);
        server.on("aggregate", asked -> ScriptedMongoServer.batch("firstBatch", 77));
        server.on("getMore", asked -> answer("nextBatch", idle));
        server.fail("getMore", 11602, "InterruptedDueToReplStateChange", "ResumableChangeStreamError");
        streams("firstBatch", insert("a"));
        Position start = start();
        try (ChangeReader reader = changes.open(start)) {
            Batch quiet = batch(reader, KEYS);
            assertThat(quiet.changes()).isEmpty();
            assertThat(quiet.upTo()).isNotEqualTo(start);
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
        }
        assertThat(stage(1).getDocument("resumeAfter")).isEqualTo(idle);
    }

    @Test
    void historyThatIsGoneIsAResync() {
        server.fail("aggregate", 286, "ChangeStreamHistoryLost", "NonResumableChangeStreamError");
        assertLost(start(), Resync.Reason.HISTORY_TRIMMED);
        streams("firstBatch", insert("a"));
        server.fail("getMore", 286, "ChangeStreamHistoryLost", "NonResumableChangeStreamError");
        try (ChangeReader reader = changes.open(start())) {
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
            assertThat(reader.next(KEYS, WAIT)).isInstanceOf(Lost.class);
        }
    }

    @Test
    void aPositionOfAnotherHistoryIsAResync() {
        server.fail("aggregate", 280, "ChangeStreamFatalError", "NonResumableChangeStreamError");
        assertLost(start(), Resync.Reason.OTHER_HISTORY);
        assertLost(MongoPosition.behind(UUID.randomUUID(), server.time()).toPosition(), Resync.Reason.OTHER_HISTORY);
        assertLost(new Position("nonsense"), Resync.Reason.NOT_A_POSITION);
        server.fail("aggregate", 260, "InvalidResumeToken");
        assertLost(start(), Resync.Reason.NOT_A_POSITION);
    }

    @Test
    void aChangeTooLargeIsAResyncAndNotAnEndlessRestart() {
        server.fail("aggregate", 10334, "BSONObjectTooLarge");
        assertLost(start(), Resync.Reason.OTHER_HISTORY);
        assertThat(server.received("aggregate")).hasSize(1);
    }

    private void assertLost(Position from, Resync.Reason reason) {
        try (ChangeReader reader = changes.open(from)) {
            assertThat(reader.next(KEYS, WAIT))
                    .isInstanceOfSatisfying(
                            Lost.class,
                            lost -> assertThat(lost.resync().reason()).isEqualTo(reason));
            assertThat(reader.next(KEYS, WAIT)).isInstanceOf(Lost.class);
        }
    }

    /** change-streams, prose test 17 and its server's behaviour: a drop, then an invalidate that closes the cursor. */
    @Test
    void whatCameBeforeADropIsGivenFirst() {
        BsonDocument dropped = event("drop", "x", "{}");
        dropped.remove("documentKey");
        BsonDocument invalid = new BsonDocument("_id", token(server.tick(), 1))
                .append("operationType", new BsonString("invalidate"))
                .append("clusterTime", server.time());
        streams("firstBatch", insert("a"), dropped, invalid);
        try (ChangeReader reader = changes.open(start())) {
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
            Lost lost = (Lost) reader.next(KEYS, WAIT);
            assertThat(lost.resync().reason()).isEqualTo(Resync.Reason.OTHER_HISTORY);
            assertThat(lost.resync().message()).contains("drop");
        }
    }

    @Test
    void latestDocumentsAreReadNotOlderThanTheChange() {
        BsonDocument first = insert("a");
        BsonDocument last = insert("gone");
        streams("firstBatch", first, insert("a"), last);
        server.on(
                "find",
                "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch: [{_id: 'a', n: 2, _cs:"
                        + " {v: {$timestamp: {t: 5, i: 9}}}}]}}");
        try (ChangeReader reader = changes.open(start())) {
            assertThat(batch(reader, LATEST).changes())
                    .extracting(change -> change.change().document())
                    .containsExactly(Document.of("n", 2), Document.of("n", 2), null);
        }
        BsonDocument find = server.received("find").get(0);
        BsonValue in = find.getDocument("filter").getDocument("_id").get("$in");
        assertThat(in).isEqualTo(BsonDocument.parse("{k: ['a', 'gone']}").get("k"));
        assertThat(find.getDocument("readConcern").getTimestamp("afterClusterTime"))
                .isGreaterThanOrEqualTo(last.getTimestamp("clusterTime"));
        assertThat(find.getDocument("readConcern").getString("level").getValue())
                .isEqualTo("majority");
    }

    /** Another program's document silenced all watchers of its collection for ever. */
    @Test
    void anUnreadableDocumentIsToldOfAndTheOthersAreRead() {
        streams("firstBatch", insert("bad"), insert("good"));
        server.on(
                "find",
                "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch:"
                        + " [{_id: 'bad', n: {$regularExpression: {pattern: 'x', options: ''}}}, {_id: 'good', n: 2}]}}");
        try (ChangeReader reader = changes.open(start())) {
            List<ChangeReader.CollectionChange> heard = batch(reader, LATEST).changes();
            assertThat(heard).extracting(one -> one.change().key()).containsExactly(Key.of("bad"), Key.of("good"));
            assertThat(heard).extracting(one -> one.change().document()).containsExactly(null, Document.of("n", 2));
            CoreException unreadable = Objects.requireNonNull(heard.get(0).unreadable());
            assertThat(unreadable.code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(heard.get(1).unreadable()).isNull();
        }
    }

    @Test
    void aDocumentWhoseIdIsNoKeyIsPassedOver() {
        BsonDocument foreign = event("insert", "", "{documentKey: {_id: {$oid: '0123456789abcdef01234567'}}}");
        BsonDocument alone = event("delete", "", "{documentKey: {_id: 0.5}}");
        streams("firstBatch", foreign, insert("ours"));
        streams("nextBatch", alone);
        try (ChangeReader reader = changes.open(start())) {
            assertThat(batch(reader, KEYS).changes())
                    .extracting(one -> one.change().key())
                    .containsExactly(Key.of("ours"));
            Batch behind = batch(reader, KEYS);
            assertThat(behind.changes()).isEmpty();
            MongoPosition place = Objects.requireNonNull(MongoPosition.parse(behind.upTo()));
            assertThat(place.time()).isEqualTo(alone.getTimestamp("clusterTime"));
        }
    }

    @Test
    void theServerIsAskedForKeysAlone() {
        streams("firstBatch", insert("a"));
        try (ChangeReader reader = changes.open(start())) {
            batch(reader, LATEST);
        }
        BsonDocument projection = server.received("aggregate")
                .get(0)
                .getArray("pipeline")
                .get(1)
                .asDocument()
                .getDocument("$project");
        assertThat(projection).containsEntry("fullDocument._cs", new BsonInt32(1));
        assertThat(projection).doesNotContainKeys("fullDocument", "updateDescription", "_id");
        assertThat(stage(0)).doesNotContainEntry("fullDocument", new BsonString("updateLookup"));
    }

    @Test
    void aReaderThatWaitsIsEndedByItsClosing() throws Exception {
        ChangeReader reader = changes.open(start());
        Thread closer = new Thread(() -> {
            while (server.received("getMore").isEmpty()) {
                Thread.onSpinWait();
            }
            reader.close();
        });
        closer.start();
        assertThatThrownBy(() -> reader.next(KEYS, Duration.ofMinutes(5)))
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELED));
        closer.join();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aWriteIsCoveredByThePlaceBehindItsEvent() {
        BsonDocument event = insert("a");
        Position written = MongoPosition.behind(server.collection(), event.getTimestamp("clusterTime"))
                .toPosition();
        Position start = MongoPosition.behind(server.collection(), new BsonTimestamp(1_700_000_000, 1))
                .toPosition();
        streams("firstBatch", event);
        try (ChangeReader reader = changes.open(start)) {
            Position reached = batch(reader, KEYS).upTo();
            assertThat(changes.covers(reached, written)).isTrue();
            assertThat(changes.covers(start, written)).isFalse();
            assertThat(changes.covers(reached, reached)).isTrue();
            assertThat(changes.covers(written, start)).isTrue();
        }
    }

    @Test
    void aTimeIsThePlaceBeforeAllOfIt() {
        long now = Integer.toUnsignedLong(server.time().getTime());
        streams("firstBatch", insert("a"));
        Position past = changes.at(Instant.ofEpochSecond(now - 5, 999), Deadline.in(WAIT));
        try (ChangeReader reader = changes.open(past)) {
            assertThat(batch(reader, KEYS).changes()).hasSize(1);
        }
        assertThat(stage(0).getTimestamp("startAtOperationTime")).isEqualTo(new BsonTimestamp((int) now - 5, 0));
        assertThat(changes.at(Instant.ofEpochSecond(now, 999), Deadline.in(WAIT)))
                .as("a server's clock may tell seconds alone")
                .isNotEqualTo(changes.now(Deadline.in(WAIT)));
        assertThat(changes.at(Instant.ofEpochSecond(now + 5), Deadline.in(WAIT)))
                .isEqualTo(changes.now(Deadline.in(WAIT)));
    }

    @Test
    void thePositionIsTheTimeOfAReadOfTheMajority() {
        Position now = changes.now(Deadline.in(WAIT));
        assertThat(now).isEqualTo(start());
        assertThat(server.received("find")
                        .get(0)
                        .getDocument("readConcern")
                        .getString("level")
                        .getValue())
                .isEqualTo("majority");
    }
}
