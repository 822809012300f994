package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.corestack.document.Filter;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.Snapshot;
import org.corestack.testkit.ScriptedMongoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Lists of one moment; each script says which test of the public driver specifications it tells again. The scripts answer
 * as the specifications' servers do: a read by a moment shows what was written until then, the first chooses it, and a
 * stream gives what came at or after the time that it is started at.
 */
class ScriptedSnapshotTest {
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final int PAGE = 2;
    /** More than any list here asks for. */
    private static final int READS = 20;

    private final ScriptedMongoServer server = new ScriptedMongoServer().wireVersion(13);
    private final Engine engine = new MongoEngineProvider()
            .open(new EngineConfig(server.uri(), "script", Duration.ofSeconds(5), Duration.ofHours(1)));
    private final EngineCollection things = engine.store("shop").collection("things");

    /** When each document was inserted. */
    private final Map<String, BsonTimestamp> written = new TreeMap<>();
    /** What the one cursor that is open has not given yet. */
    private List<BsonDocument> left = List.of();

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    private synchronized void insert(String... keys) {
        for (String key : keys) {
            written.put(key, server.tick());
        }
    }

    private static boolean isOfAMoment(BsonDocument find) {
        return level(find).equals("snapshot");
    }

    private static String level(BsonDocument find) {
        return find.getDocument("readConcern").getString("level").getValue();
    }

    private static BsonTimestamp time(BsonDocument asked, String field) {
        return asked.getDocument("readConcern").getTimestamp(field);
    }

    private synchronized BsonDocument find(BsonDocument asked) {
        BsonTimestamp now = server.time();
        BsonTimestamp at = asked.getDocument("readConcern").getTimestamp("atClusterTime", now);
        BsonValue wanted = asked.getDocument("filter", new BsonDocument()).get("_id");
        BsonDocument id = wanted instanceof BsonDocument range ? range : new BsonDocument();
        String behind = id.getString("$gt", new BsonString("")).getValue();
        boolean others = id.containsKey("$type") && !id.get("$type").equals(new BsonString("string"));
        List<BsonDocument> found = new ArrayList<>();
        written.forEach((key, time) -> {
            if (!others && time.compareTo(at) <= 0 && key.compareTo(behind) > 0) {
                found.add(new BsonDocument("_id", new BsonString(key))
                        .append("_cs", new BsonDocument("v", time).append("by", new BsonString("other 1"))));
            }
        });
        BsonDocument reply = asked.containsKey("limit") ? last(found) : first(found);
        if (isOfAMoment(asked)) {
            reply.getDocument("cursor").append("atClusterTime", at);
        }
        return reply;
    }

    /** For the key of the last document. */
    private static BsonDocument last(List<BsonDocument> found) {
        List<BsonDocument> one = found.subList(Math.max(0, found.size() - 1), found.size());
        return ScriptedMongoServer.batch("firstBatch", 0, one.toArray(BsonDocument[]::new));
    }

    private BsonDocument first(List<BsonDocument> found) {
        left = found;
        return page("firstBatch");
    }

    private synchronized BsonDocument page(String which) {
        List<BsonDocument> page = left.subList(0, Math.min(left.size(), PAGE));
        left = left.subList(page.size(), left.size());
        return ScriptedMongoServer.batch(which, left.isEmpty() ? 0 : 77, page.toArray(BsonDocument[]::new));
    }

    private void answers() {
        for (int i = 0; i < READS; i++) {
            server.on("find", this::find).on("getMore", asked -> page("nextBatch"));
        }
    }

    private Snapshot snapshot() {
        return things.snapshot(Filter.all(), Deadline.in(WAIT));
    }

    private static List<String> next(Cursor list) {
        List<String> keys = new ArrayList<>();
        for (StoredDocument each : list.next(Deadline.in(WAIT))) {
            keys.add((String) each.key().value());
        }
        return keys;
    }

    private static List<String> rest(Cursor list) {
        List<String> keys = new ArrayList<>();
        List<String> batch = next(list);
        while (!batch.isEmpty()) {
            assertThat(batch).hasSizeLessThanOrEqualTo(PAGE);
            keys.addAll(batch);
            batch = next(list);
        }
        return keys;
    }

    /** What a watch from a position tells. */
    private List<String> told(Position from) {
        server.on("aggregate", this::stream);
        try (ChangeReader reader = things.changes().open(from)) {
            return ((Batch) reader.next(Map.of("things", Content.KEYS), WAIT))
                    .changes().stream()
                            .map(each -> (String) each.change().key().value())
                            .toList();
        }
    }

    private synchronized BsonDocument stream(BsonDocument asked) {
        BsonTimestamp start = asked.getArray("pipeline")
                .get(0)
                .asDocument()
                .getDocument("$changeStream")
                .getTimestamp("startAtOperationTime");
        List<BsonDocument> events = new ArrayList<>();
        written.forEach((key, time) -> {
            if (time.compareTo(start) >= 0) {
                String token = String.format("82%016X46", time.getValue());
                events.add(new BsonDocument("_id", new BsonDocument("_data", new BsonString(token)))
                        .append("operationType", new BsonString("insert"))
                        .append("clusterTime", time)
                        .append("documentKey", new BsonDocument("_id", new BsonString(key)))
                        .append("fullDocument", new BsonDocument()));
            }
        });
        return ScriptedMongoServer.batch("firstBatch", 77, events.toArray(BsonDocument[]::new));
    }

    /** What was asked for the list, behind the read that the place is asked for by. */
    private List<BsonDocument> reads() {
        List<BsonDocument> finds = server.received("find");
        return finds.subList(1, finds.size());
    }

    /**
     * sessions/snapshot-sessions: "First snapshot read does not send atClusterTime", "Find operation with snapshot". Driver
     * sessions have it on all commands, so on {@code getMore} too.
     */
    @Test
    void allOfAListIsReadAsOfTheMomentThatTheFirstReadGave() {
        insert("a", "b", "c", "d", "e");
        BsonTimestamp moment = server.time();
        answers();
        Snapshot snapshot = snapshot();
        insert("later");
        assertThat(rest(snapshot.documents())).containsExactly("a", "b", "c", "d", "e");
        assertThat(reads()).isNotEmpty().allMatch(ScriptedSnapshotTest::isOfAMoment);
        assertThat(reads().get(0).getDocument("readConcern")).doesNotContainKeys("atClusterTime", "afterClusterTime");
        List<BsonDocument> later = new ArrayList<>(reads().subList(1, reads().size()));
        later.addAll(server.received("getMore"));
        assertThat(later)
                .hasSizeGreaterThan(2)
                .allMatch(each -> time(each, "atClusterTime").equals(moment));
    }

    /** snapshot-sessions: "Write commands with snapshot session do not affect snapshot reads"; change-streams: startAtOperationTime. */
    @Test
    void aWriteInBetweenIsNotListedAndToldOnce() {
        insert("a", "b", "c", "e");
        server.on("find", this::find).on("find", asked -> {
            BsonDocument first = find(asked);
            insert("d"); // the answer's operationTime is of it, and the moment before
            return first;
        });
        answers();
        Snapshot snapshot = snapshot();
        assertThat(rest(snapshot.documents())).containsExactly("a", "b", "c", "e");
        assertThat(told(snapshot.position())).containsExactly("d");
    }

    /** snapshot-sessions, "Server Errors": SnapshotTooOld; of 246 the server says it too where a moment is not kept. */
    @ParameterizedTest
    @CsvSource({"239, SnapshotTooOld", "246, SnapshotUnavailable"})
    void aListWhoseMomentIsGoneGoesOnBehindWhatItGave(int code, String name) {
        insert("a", "c", "e", "g");
        BsonTimestamp moment = server.time();
        server.fail("getMore", code, name);
        answers();
        Snapshot snapshot = snapshot();
        assertThat(next(snapshot.documents())).containsExactly("a", "c");
        insert("b", "f");
        int before = reads().size();
        assertThat(rest(snapshot.documents()))
                .as("what came since, too, where it still lies ahead")
                .startsWith("e", "f");
        assertThat(told(snapshot.position())).containsExactly("b", "f");
        List<BsonDocument> since = reads().subList(before, reads().size());
        assertThat(since)
                .allMatch(each -> level(each).equals("majority"))
                .allMatch(each -> time(each, "afterClusterTime").compareTo(moment) >= 0);
        assertThat(since.get(0).getDocument("filter").getDocument("_id"))
                .isEqualTo(BsonDocument.parse("{$gt: 'c', $type: 'string'}"));
    }

    /** As above, before anything was given, and again behind it: no list is begun for ever. */
    @Test
    void aListIsGoneOnWithOnce() {
        insert("a", "b", "c");
        server.on("find", this::find).on("find", this::find).fail("find", 239, "SnapshotTooOld");
        for (int i = 0; i < 2; i++) {
            server.on("find", this::find);
        }
        server.fail("getMore", 239, "SnapshotTooOld");
        Snapshot snapshot = snapshot();
        assertThat(next(snapshot.documents()))
                .as("of the list that was begun anew")
                .containsExactly("a", "b");
        assertThatThrownBy(() -> next(snapshot.documents()))
                .isInstanceOf(CoreException.class)
                .hasRootCauseInstanceOf(MongoException.class);
        assertThat(reads().subList(2, reads().size()))
                .allMatch(each -> level(each).equals("majority"));
        assertThat(time(reads().get(2), "afterClusterTime")).isEqualTo(server.time());
    }

    /** What the first attempt had read, and not given, was missing. */
    @Test
    void aListThatIsReadOnAfterAnErrorLacksNothing() {
        insert("a", "b", "c");
        server.on("find", this::find).on("find", this::find).fail("find", 11601, "Interrupted");
        answers();
        Cursor list = snapshot().documents();
        assertThatThrownBy(() -> next(list)).isInstanceOf(CoreException.class);
        assertThat(rest(list)).containsExactly("a", "b", "c");
    }

    /** The manual, read concern "snapshot": capped collections take none in most versions; the error is this one. */
    @Test
    void whereThereIsNoMomentTheListIsReadAsBefore() {
        insert("a", "b", "c");
        server.on("find", this::find).fail("find", 246, "SnapshotUnavailable").fail("find", 246, "SnapshotUnavailable");
        answers();
        Snapshot snapshot = snapshot();
        assertThat(rest(snapshot.documents())).containsExactly("a", "b", "c");
        assertThat(reads().subList(2, reads().size()))
                .allMatch(each -> level(each).equals("majority"));
        insert("later");
        assertThat(told(snapshot.position())).containsExactly("later");
    }

    /** A primary that has just been elected may not know yet that the last writes are confirmed. */
    @Test
    void aMomentBeforeWhatWasConfirmedIsNotTaken() {
        insert("a");
        BsonTimestamp old = server.time();
        insert("b");
        server.on("find", this::find).on("find", asked -> {
            BsonDocument early = asked.clone();
            early.getDocument("readConcern").append("atClusterTime", old);
            return find(early);
        });
        answers();
        assertThat(rest(snapshot().documents())).containsExactly("a", "b");
        assertThat(reads())
                .filteredOn(each -> !each.getDocument("readConcern").containsKey("atClusterTime"))
                .hasSize(2)
                .allMatch(ScriptedSnapshotTest::isOfAMoment);
    }

    /** snapshot-sessions-not-supported-client-error: "Client error on find with snapshot". */
    @Test
    void serversBefore50AreNotAskedForAMoment() {
        assertThat(engine.capabilities()).contains(Capability.EXACT_SNAPSHOT);
        assertReadAsBefore(new ScriptedMongoServer().wireVersion(12));
        assertReadAsBefore(new ScriptedMongoServer().wireVersion(13).router());
    }

    private void assertReadAsBefore(ScriptedMongoServer other) {
        try (other;
                Engine on = new MongoEngineProvider()
                        .open(new EngineConfig(other.uri(), "script", WAIT, Duration.ofHours(1)))) {
            assertThat(on.capabilities()).containsExactly(Capability.TRANSACTIONS);
            Snapshot snapshot = on.store("shop").collection("things").snapshot(Filter.all(), Deadline.in(WAIT));
            assertThat(next(snapshot.documents())).isEmpty();
            assertThat(snapshot.position())
                    .isEqualTo(MongoPosition.behind(other.collection(), other.time())
                            .toPosition());
            assertThat(other.received("find"))
                    .hasSize(2)
                    .allMatch(each -> level(each).equals("majority"));
        }
    }
}
