package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.ChangeReader.Lost;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.corestack.testkit.ScriptedMongoServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The documents before and after changes, and changes in fragments, of servers of 6.0 and later. Each script tells again
 * a test of the public driver specifications, a page of the servers' manual, or a test of the servers themselves, and
 * names it.
 */
class ScriptedImagesTest {
    private static final Map<String, Content> KEYS = Map.of("things", Content.KEYS);
    private static final Map<String, Content> IMAGES = Map.of("things", Content.IMAGES);
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final String SPLIT = "$changeStreamSplitLargeEvent";

    private final ScriptedMongoServer server = new ScriptedMongoServer().wireVersion(17);
    private final Engine engine = new MongoEngineProvider()
            .open(new EngineConfig(server.uri(), "script", Duration.ofSeconds(5), Duration.ofHours(1)));
    private final EngineCollection things = engine.store("shop").collection("things");
    private final ChangeSource changes = things.changes();

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    private static BsonDocument token(BsonTimestamp time, String rest) {
        return new BsonDocument("_data", new BsonString(String.format("82%016X%s", time.getValue(), rest)));
    }

    private BsonDocument event(String operation, String key, String more) {
        BsonTimestamp time = server.tick();
        BsonDocument event = new BsonDocument("_id", token(time, "46"))
                .append("operationType", new BsonString(operation))
                .append("clusterTime", time)
                .append("documentKey", new BsonDocument("_id", new BsonString(key)));
        event.putAll(BsonDocument.parse(more));
        return event;
    }

    private BsonDocument update(String key, int before, int after) {
        return event(
                "update",
                key,
                "{fullDocument: {_id: '" + key + "', n: " + after + ", _cs: {v: {$timestamp: {t: 5, i: " + after
                        + "}}, by: 'shop-1 9'}}, fullDocumentBeforeChange: {_id: '" + key + "', n: " + before
                        + ", _cs: {v: {$timestamp: {t: 5, i: " + before + "}}}}}");
    }

    /** An event in two fragments, as the servers split it: the largest field comes last; each has a token of its own. */
    private List<BsonDocument> fragments(BsonDocument event) {
        BsonTimestamp time = event.getTimestamp("clusterTime");
        BsonDocument first = event.clone();
        first.put("_id", token(time, "4629"));
        first.remove("fullDocument");
        first.put("splitEvent", BsonDocument.parse("{fragment: 1, of: 2}"));
        BsonDocument last = new BsonDocument("_id", token(time, "462B02"))
                .append("splitEvent", BsonDocument.parse("{fragment: 2, of: 2}"))
                .append("fullDocument", event.get("fullDocument"));
        return List.of(first, last);
    }

    private void answers(String command, BsonDocument... events) {
        String which = command.equals("aggregate") ? "firstBatch" : "nextBatch";
        server.on(command, asked -> {
            BsonDocument reply = ScriptedMongoServer.batch(which, 77, events);
            if (events.length > 0) {
                reply.getDocument("cursor")
                        .append("postBatchResumeToken", events[events.length - 1].getDocument("_id"));
            }
            return reply;
        });
    }

    private Position start() {
        return MongoPosition.behind(server.collection(), server.time()).toPosition();
    }

    private static Batch batch(ChangeReader reader, Map<String, Content> interest) {
        return (Batch) reader.next(interest, WAIT);
    }

    private static List<String> told(Batch batch) {
        return batch.changes().stream()
                .map(CollectionChange::change)
                .map(change ->
                        change.operation() + " " + change.key() + " " + n(change.before()) + " " + n(change.document()))
                .toList();
    }

    private static String n(@Nullable Document document) {
        return document == null ? "-" : String.valueOf(document.get("n"));
    }

    private BsonDocument asked(int aggregate) {
        return server.received("aggregate").get(aggregate);
    }

    private BsonDocument stage(int aggregate) {
        return asked(aggregate).getArray("pipeline").get(0).asDocument().getDocument("$changeStream");
    }

    private boolean splits(int aggregate) {
        BsonArray pipeline = asked(aggregate).getArray("pipeline");
        return pipeline.get(pipeline.size() - 1).asDocument().containsKey(SPLIT);
    }

    private void assertLost(ChangeReader reader, Resync.Reason reason) {
        assertThat(reader.next(IMAGES, WAIT))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.resync().reason()).isEqualTo(reason));
    }

    /** change-streams-pre_and_post_images runs on 6.0 and later, which is the wire version 17. */
    @Test
    void imagesAreDeclaredByTheServersVersion() {
        assertThat(engine.capabilities()).contains(Capability.EXACT_IMAGES, Capability.TRANSACTIONS);
        try (ScriptedMongoServer old = new ScriptedMongoServer().wireVersion(16);
                Engine onOld = new MongoEngineProvider()
                        .open(new EngineConfig(old.uri(), "script", Duration.ofSeconds(5), Duration.ofHours(1)))) {
            assertThat(onOld.capabilities())
                    .doesNotContain(Capability.EXACT_IMAGES)
                    .contains(Capability.TRANSACTIONS);
        }
    }

    @Test
    void whatAServerThatIsNotThereCanDoIsNotKnown() {
        server.close();
        try (Engine onNone = new MongoEngineProvider()
                .open(new EngineConfig(server.uri(), "script", Duration.ofMillis(300), Duration.ofHours(1)))) {
            assertThatThrownBy(onNone::capabilities)
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    /** collection-management/modifyCollection-pre_and_post_images: "to changeStreamPreAndPostImages enabled". */
    @Test
    void imagesAreKeptByTheCollectionsOption() {
        things.keepImages(true, Deadline.in(WAIT));
        things.keepImages(false, Deadline.in(WAIT));
        List<BsonDocument> sent = server.received("collMod");
        assertThat(sent)
                .extracting(each -> each.getDocument("changeStreamPreAndPostImages"))
                .containsExactly(BsonDocument.parse("{enabled: true}"), BsonDocument.parse("{enabled: false}"));
        assertThat(sent)
                .allMatch(each -> each.getDocument("writeConcern")
                        .getString("w")
                        .getValue()
                        .equals("majority"))
                .allMatch(each -> each.getString("collMod").getValue().equals("things"));
    }

    /** The manual, listCollections: the options are those the collection has; collMod: NamespaceNotFound. */
    @Test
    void whetherImagesAreKeptIsReadFromTheServer() {
        assertThat(things.keepsImages(Deadline.in(WAIT))).isFalse();
        String listed = "{cursor: {id: {$numberLong: '0'}, ns: 'shop.$cmd.listCollections', firstBatch: [%s]}}";
        String thing = "{name: 'things', type: 'collection', options: {changeStreamPreAndPostImages: {enabled: %s}}}";
        for (boolean kept : new boolean[] {true, false}) {
            server.on("listCollections", String.format(listed, String.format(thing, kept)));
            assertThat(things.keepsImages(Deadline.in(WAIT))).isEqualTo(kept);
        }
        server.on("listCollections", String.format(listed, ""));
        assertThat(things.keepsImages(Deadline.in(WAIT))).isFalse();
        server.fail("collMod", 26, "NamespaceNotFound");
        things.keepImages(false, Deadline.in(WAIT));
        assertThat(server.received("create")).isEmpty();
    }

    /** change-streams-pre_and_post_images: "whenAvailable with changeStreamPreAndPostImages enabled", both of them. */
    @Test
    void imagesComeWithTheChange() {
        BsonDocument inserted = event(
                "insert",
                "k",
                "{fullDocument: {_id: 'k', n: 1, _cs: {v: {$timestamp: {t: 5, i: 1}}, by: 'shop-2 1'}}}");
        BsonDocument deleted = event("delete", "k", "{fullDocumentBeforeChange: {_id: 'k', n: 2}}");
        BsonDocument written = update("k", 1, 2);
        written.putAll(BsonDocument.parse("{meta: [{k: '_cs.by', v: 'shop-3 4'}]}"));
        answers("aggregate", inserted, written, update("k", 2, 2), deleted);
        try (ChangeReader reader = changes.open(start())) {
            Batch batch = batch(reader, IMAGES);
            assertThat(told(batch)).containsExactly("INSERT k - 1", "UPDATE k 1 2", "UPDATE k 2 2", "DELETE k 2 -");
            assertThat(batch.changes())
                    .extracting(one -> one.change().source())
                    .as("who wrote last is not who made a change that names nobody")
                    .containsExactly("shop-2", "shop-3", null, null);
            assertThat(batch.changes().get(2).change().version()).isEqualTo((5L << 31) + 2);
        }
        assertThat(stage(0)).containsEntry("fullDocument", new BsonString("whenAvailable"));
        assertThat(stage(0)).containsEntry("fullDocumentBeforeChange", new BsonString("whenAvailable"));
        BsonDocument projection =
                asked(0).getArray("pipeline").get(1).asDocument().getDocument("$project");
        assertThat(projection)
                .containsEntry("fullDocument", new BsonInt32(1))
                .containsEntry("fullDocumentBeforeChange", new BsonInt32(1))
                .doesNotContainKey("updateDescription");
        assertThat(splits(0)).isTrue();
    }

    /** change-streams-pre_and_post_images: "whenAvailable with changeStreamPreAndPostImages disabled": null. */
    @Test
    void aChangeWithoutImagesIsAResyncBehindWhatHasThem() {
        for (String lacking : List.of(
                "{fullDocument: null, fullDocumentBeforeChange: null}",
                "{fullDocument: null, fullDocumentBeforeChange: {_id: 'bare', n: 1}}",
                "{fullDocument: {_id: 'bare', n: 2}, fullDocumentBeforeChange: null}")) {
            answers("aggregate", update("k", 1, 2), event("update", "bare", lacking), update("k", 2, 3));
            assertResyncBehindOne();
        }
        answers("aggregate", update("k", 1, 2), event("delete", "bare", "{fullDocumentBeforeChange: null}"));
        assertResyncBehindOne();
    }

    private void assertResyncBehindOne() {
        try (ChangeReader reader = changes.open(start())) {
            Batch batch = batch(reader, IMAGES);
            assertThat(told(batch)).containsExactly("UPDATE k 1 2");
            assertThat(batch.more()).isTrue();
            assertLost(reader, Resync.Reason.NO_IMAGES);
            assertLost(reader, Resync.Reason.NO_IMAGES);
        }
    }

    @Test
    void anUnreadableImageIsToldOfAndTheOthersAreRead() {
        String regex = "{_id: 'bad', n: {$regularExpression: {pattern: 'x', options: ''}}}";
        BsonDocument after = event("replace", "bad", "{fullDocument: " + regex + ", fullDocumentBeforeChange: {n: 1}}");
        BsonDocument before = event("delete", "bad", "{fullDocumentBeforeChange: " + regex + "}");
        answers("aggregate", after, before, update("k", 1, 2));
        try (ChangeReader reader = changes.open(start())) {
            List<CollectionChange> heard = batch(reader, IMAGES).changes();
            assertThat(heard)
                    .extracting(one -> one.change().key())
                    .containsExactly(Key.of("bad"), Key.of("bad"), Key.of("k"));
            assertThat(heard.subList(0, 2))
                    .extracting(one -> Objects.requireNonNull(one.unreadable()).code())
                    .containsOnly(ErrorCode.UNSUPPORTED);
            assertThat(heard.get(2).unreadable()).isNull();
        }
    }

    /** The manual, "Resume a Change Stream": a token is that of the event, whichever documents were asked for. */
    @Test
    void theStreamIsOpenedAnewBehindWhatWasGivenWhereImagesAreWantedOrNoLonger() {
        BsonDocument first = update("a", 1, 2);
        BsonDocument second = update("b", 1, 2);
        first.remove("fullDocument");
        answers("aggregate", first);
        answers("aggregate", second);
        answers("aggregate", event("delete", "c", "{}"));
        try (ChangeReader reader = changes.open(start())) {
            assertThat(told(batch(reader, KEYS))).containsExactly("UPDATE a - -");
            assertThat(told(batch(reader, IMAGES))).containsExactly("UPDATE b 1 2");
            assertThat(told(batch(reader, KEYS))).containsExactly("DELETE c - -");
        }
        assertThat(stage(1).getDocument("startAfter")).isEqualTo(first.getDocument("_id"));
        assertThat(stage(2).getDocument("startAfter")).isEqualTo(second.getDocument("_id"));
        assertThat(stage(2)).doesNotContainKey("fullDocumentBeforeChange");
        assertThat(splits(2)).isFalse();
    }

    /** change-streams, prose test 19: a large event comes as fragments {1, of 2} and {2, of 2}, in that order. */
    @Test
    void aLargeEventIsPutTogetherFromItsFragments() {
        BsonDocument large = update("large", 1, 2);
        List<BsonDocument> parts = fragments(large);
        BsonDocument behind = update("small", 3, 4);
        Position start = start();
        answers("aggregate", update("k", 1, 2));
        answers("getMore", parts.get(0));
        answers("getMore");
        answers("getMore", parts.get(1), behind);
        try (ChangeReader reader = changes.open(start)) {
            batch(reader, IMAGES);
            Batch batch = batch(reader, IMAGES);
            assertThat(told(batch)).containsExactly("UPDATE large 1 2", "UPDATE small 3 4");
            assertThat(batch.changes().get(0).change().version()).isEqualTo((5L << 31) + 2);
            Position place = batch.changes().get(0).change().position();
            assertThat(place)
                    .as("which a stream that is asked for in another way can be resumed from")
                    .isEqualTo(MongoPosition.behind(server.collection(), large.getTimestamp("clusterTime"))
                            .toPosition());
        }
        assertThat(server.received("aggregate")).hasSize(1);
    }

    /** The servers' jstests/change_streams/split_large_event.js: a fragment's token serves no other stream (280). */
    @Test
    void noPlaceIsTakenAtAFragment() {
        List<BsonDocument> parts = fragments(update("large", 1, 2));
        BsonDocument last = parts.get(1).getDocument("_id");
        BsonDocument idle = token(server.tick(), "00");
        Position start = start();
        answers("aggregate", parts.get(0));
        server.on("getMore", asked -> ScriptedMongoServer.batch("nextBatch", 77));
        answers("getMore", parts.get(1));
        server.on("getMore", asked -> idle(last));
        server.on("getMore", asked -> idle(idle));
        try (ChangeReader reader = changes.open(start)) {
            Batch none = (Batch) reader.next(IMAGES, Duration.ZERO);
            assertThat(none.changes()).isEmpty();
            assertThat(none.upTo()).isEqualTo(start);
            Batch large = batch(reader, IMAGES);
            assertThat(told(large)).containsExactly("UPDATE large 1 2");
            MongoPosition at = Objects.requireNonNull(MongoPosition.parse(large.upTo()));
            assertThat(at.token()).isNull();
            MongoPosition moved = Objects.requireNonNull(
                    MongoPosition.parse(batch(reader, IMAGES).upTo()));
            assertThat(moved.time()).isEqualTo(server.time());
        }
    }

    /** The servers end an answer, of 16 MB at the most, before an event that it has no room for. */
    @Test
    void anAnswerOfManyBytesIsNotTakenForAllThatThereIs() {
        BsonDocument large = update("large", 1, 2);
        large.getDocument("fullDocument").append("text", new BsonString("x".repeat(1 << 20)));
        answers("aggregate", large);
        answers("getMore", update("small", 1, 2));
        try (ChangeReader reader = changes.open(start())) {
            assertThat(batch(reader, IMAGES).more()).isTrue();
            assertThat(batch(reader, IMAGES).more()).isFalse();
        }
    }

    private static BsonDocument idle(BsonDocument token) {
        BsonDocument reply = ScriptedMongoServer.batch("nextBatch", 77);
        reply.getDocument("cursor").append("postBatchResumeToken", token);
        return reply;
    }

    /** The same, of a change within a transaction (txnNumber), beside which the time has others: all come again. */
    @Test
    void aLargeEventOfATransactionIsBehindNoOtherOfIt() {
        BsonDocument large = update("large", 1, 2);
        large.put("txnNumber", new BsonInt64(7));
        answers("aggregate", fragments(large).toArray(new BsonDocument[0]));
        try (ChangeReader reader = changes.open(start())) {
            assertThat(batch(reader, IMAGES).upTo())
                    .isEqualTo(MongoPosition.before(server.collection(), large.getTimestamp("clusterTime"))
                            .toPosition());
        }
    }

    /** change-streams, "Resumable Error": one that is not, while fragments of an event are to come. */
    @Test
    void aStreamThatEndsWithinAnEventBeginsTheEventAnew() {
        BsonDocument small = update("k", 1, 2);
        BsonDocument large = update("large", 3, 4);
        List<BsonDocument> parts = fragments(large);
        answers("aggregate", small);
        answers("getMore", parts.get(0));
        server.fail("getMore", 11601, "Interrupted");
        answers("aggregate", parts.toArray(new BsonDocument[0]));
        try (ChangeReader reader = changes.open(start())) {
            batch(reader, IMAGES);
            assertThatThrownBy(() -> reader.next(IMAGES, WAIT)).isInstanceOf(CoreException.class);
            assertThat(told(batch(reader, IMAGES))).containsExactly("UPDATE large 3 4");
        }
        assertThat(stage(1).getDocument("startAfter")).isEqualTo(small.getDocument("_id"));
    }

    /** The driver resumes behind the fragment, and another primary splits the event in another way (280). */
    @Test
    void anEventThatIsSplitInAnotherWayBeginsAnew() {
        List<BsonDocument> parts = fragments(update("large", 3, 4));
        answers("aggregate", parts.get(0));
        server.fail("getMore", 10107, "NotWritablePrimary", "ResumableChangeStreamError");
        server.fail("aggregate", 280, "ChangeStreamFatalError", "NonResumableChangeStreamError");
        answers("aggregate", parts.toArray(new BsonDocument[0]));
        try (ChangeReader reader = changes.open(start())) {
            assertThat(told(batch(reader, IMAGES))).containsExactly("UPDATE large 3 4");
        }
        assertThat(stage(1).getDocument("resumeAfter")).isEqualTo(parts.get(0).getDocument("_id"));
        assertThat(stage(2)).doesNotContainKey("resumeAfter").containsKey("startAtOperationTime");
    }

    /** The manual, $changeStreamSplitLargeEvent: "New in MongoDB 7.0 (and 6.0.9)"; before it the stage is unknown. */
    @Test
    void aServerThatCannotSplitIsAskedWithoutIt() {
        server.fail("aggregate", 40324, "Location40324");
        answers("aggregate", update("k", 1, 2));
        try (ChangeReader reader = changes.open(start())) {
            assertThat(told(batch(reader, IMAGES))).containsExactly("UPDATE k 1 2");
        }
        assertThat(splits(0)).isTrue();
        assertThat(splits(1)).isFalse();
    }

    /** The same page: without the stage the servers answer BSONObjectTooLarge, with what comes before it in the batch too. */
    @Test
    void aLargeEventThatCannotBeSplitHasNoImages() {
        server.fail("aggregate", 40324, "Location40324");
        server.fail("aggregate", 10334, "BSONObjectTooLarge");
        answers("aggregate", update("k", 1, 2));
        server.fail("getMore", 10334, "BSONObjectTooLarge");
        try (ChangeReader reader = changes.open(start())) {
            assertThat(told(batch(reader, IMAGES))).containsExactly("UPDATE k 1 2");
            assertLost(reader, Resync.Reason.NO_IMAGES);
        }
        assertThat(server.received("aggregate")).hasSize(3);
        assertThat(asked(1).getDocument("cursor").getInt32("batchSize").getValue())
                .isGreaterThan(1);
        assertThat(asked(2).getDocument("cursor").getInt32("batchSize").getValue())
                .isEqualTo(1);
    }

    /**
     * jstests/change_streams/split_large_event.js, the other way about: a stream without images gave a token that names
     * the event as it is there, and where it comes in fragments the servers do not find it (280).
     */
    @Test
    void aPlaceAtAChangeThatIsLargeWithItsImagesIsContinuedFromItsTime() {
        BsonDocument bare = event("update", "large", "{}");
        answers("aggregate", bare);
        server.fail("aggregate", 280, "ChangeStreamFatalError", "NonResumableChangeStreamError");
        answers("aggregate", update("k", 0, 0));
        answers("aggregate", update("k", 1, 2));
        try (ChangeReader reader = changes.open(start())) {
            batch(reader, KEYS);
            assertThat(told(batch(reader, IMAGES))).containsExactly("UPDATE k 1 2");
        }
        assertThat(stage(1).getDocument("startAfter")).isEqualTo(bare.getDocument("_id"));
        assertThat(splits(2)).isFalse();
        assertThat(stage(2).getDocument("startAfter")).isEqualTo(bare.getDocument("_id"));
        assertThat(stage(3).getTimestamp("startAtOperationTime"))
                .isEqualTo(Versions.after(bare.getTimestamp("clusterTime")));
        assertThat(splits(3)).isTrue();
    }

    /** Where the stream of keys does not find the place either it is of another history. */
    @Test
    void aPlaceOfAnotherHistoryIsAResyncWithImagesToo() {
        answers("aggregate", event("update", "k", "{}"));
        server.fail("aggregate", 280, "ChangeStreamFatalError", "NonResumableChangeStreamError");
        server.fail("aggregate", 280, "ChangeStreamFatalError", "NonResumableChangeStreamError");
        try (ChangeReader reader = changes.open(start())) {
            batch(reader, KEYS);
            assertLost(reader, Resync.Reason.OTHER_HISTORY);
        }
        assertThat(server.received("aggregate")).hasSize(3);
    }
}
