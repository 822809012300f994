package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Index;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.testkit.ScriptedMongoServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Aggregates: what is asked of the servers, and what of their answer is taken. */
class ScriptedAggregateTest {
    private static final FieldPath V = FieldPath.of("v");
    private static final Filter SOME = Filter.compare(FieldPath.of("w"), Operator.EQ, 1);

    private final ScriptedMongoServer server = new ScriptedMongoServer();
    private final StoreClient client = StoreClient.open(
            server.uri(), ClientOptions.ofDefaults().withSource("script").withTimeout(Duration.ofSeconds(5)));

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private List<Group> aggregate(Aggregation aggregation) {
        return client.store("shop").collection("things").aggregate(SOME, aggregation);
    }

    private void answers(String... groups) {
        server.on(
                "aggregate",
                asked -> ScriptedMongoServer.batch(
                        "firstBatch",
                        0,
                        Arrays.stream(groups).map(BsonDocument::parse).toArray(BsonDocument[]::new)));
    }

    /** The parts of the numbers of a group. */
    private static String parts(int integers, int decimals, int doubles, String more) {
        return "{_id: null, n: 9, f0integers: " + integers + ", f0decimals: " + decimals + ", f0doubles: " + doubles
                + more + "}";
    }

    private @Nullable Object figure(Measure measure, String answer) {
        answers(answer);
        return aggregate(Aggregation.of(measure)).get(0).values().get(0);
    }

    @Test
    void whatMatchesIsAddedUpByTheServers() {
        answers("{_id: {g0: 'a'}, n: 3, f0max: 7}", "{_id: {g0: null}, n: 1, f0max: null}");
        FieldPath side = FieldPath.of("in.side");
        assertThat(aggregate(Aggregation.of(Measure.count(), Measure.max(V)).groupBy(side)))
                .containsExactly(
                        new Group(List.of("a"), List.of(3L, 7)),
                        new Group(Arrays.asList((Object) null), Arrays.asList(1L, null)));
        assertThat(server.received("find")).isEmpty();
        List<BsonDocument> stages = server.received("aggregate").get(0).getArray("pipeline").stream()
                .map(each -> each.asDocument())
                .toList();
        BsonDocument match = stages.get(0).getDocument("$match").getDocument("w");
        assertThat(match).containsEntry("$eq", new BsonInt32(1)).containsKey("$not");
        assertThat(match.getArray("$type"))
                .as("word for word what a unique index holds")
                .isEqualTo(Objects.requireNonNull(
                                IndexMaker.partial(Index.on(FieldPath.of("w")).asUnique()))
                        .getDocument("w")
                        .getArray("$type"));
        assertThat(stages.get(1).getDocument("$project").get("g0"))
                .isEqualTo(BsonDocument.parse(
                        "{$ifNull: [{$cond: [{$or: [{$isArray: '$in'}]}, null, '$in.side']}, null]}"));
    }

    @Test
    void itIsOneMomentInATransactionBefore50() {
        answers("{_id: null, n: 3}");
        assertThat(client.store("shop").collection("things").count(SOME)).isEqualTo(3);
        BsonDocument command = server.received("aggregate").get(0);
        assertThat(command.getBoolean("startTransaction").getValue()).isTrue();
        assertThat(command.getDocument("readConcern").getString("level").getValue())
                .isEqualTo("snapshot");
        assertThat(server.received("abortTransaction")).hasSize(1);
    }

    /** sessions/snapshot-sessions: "aggregate". */
    @Test
    void itIsOneMomentInASnapshotSessionFrom50On() {
        server.wireVersion(13);
        answers("{_id: null, n: 3}");
        // One that has not met the server as it was before.
        try (StoreClient newer = StoreClient.open(server.uri())) {
            assertThat(newer.store("shop").collection("things").count(SOME)).isEqualTo(3);
        }
        BsonDocument command = server.received("aggregate").get(0);
        assertThat(command).doesNotContainKey("startTransaction");
        assertThat(command.getDocument("readConcern").getString("level").getValue())
                .isEqualTo("snapshot");
    }

    @Test
    void aMomentThatIsTooOldIsChosenAnew() {
        server.fail("aggregate", 246, "SnapshotUnavailable", "TransientTransactionError");
        answers("{_id: null, n: 3}");
        assertThat(client.store("shop").collection("things").count(SOME)).isEqualTo(3);
    }

    @Test
    void integersAreAddedUpExactlyAndAnOverflowIsRefused() {
        Measure sum = Measure.sum(V);
        assertThat(figure(sum, parts(2, 0, 0, ", f0whole: {$numberDecimal: '9223372036854775807'}")))
                .isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> figure(sum, parts(2, 0, 0, ", f0whole: {$numberDecimal: '9223372036854775808'}")))
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThat(figure(sum, parts(0, 0, 0, ", f0whole: 0"))).isEqualTo(0L);
        assertThat(figure(Measure.average(V), parts(2, 0, 0, ", f0whole: {$numberDecimal: '9223372036854775808'}")))
                .isEqualTo(0x1p62);
        assertThat(figure(Measure.average(V), parts(0, 0, 0, ", f0whole: 0"))).isNull();
    }

    @Test
    void decimalsAreTakenWhereTheirSumIsExact() {
        String exact =
                ", f0whole: {$numberDecimal: '2'}, f0exact: {$numberDecimal: '1.10'}, f0largest: {$numberDecimal:"
                        + " '1.05'}, f0beyond0: 2, f0beyond6: 0, f0beyond12: 0, f0beyond18: 0";
        assertThat(figure(Measure.sum(V), parts(1, 2, 0, exact))).isEqualTo(new BigDecimal("3.10"));
        assertThat(server.received("find")).isEmpty();
    }

    /** Decimals of too many digits, doubles beside decimals, an infinite sum, and bytes, which the servers order by length. */
    @Test
    void whatTheServersDoNotTellExactlyIsReadAtTheSameMoment() {
        Measure sum = Measure.sum(V);
        List<String> inexact = List.of(
                parts(
                        0,
                        2,
                        0,
                        ", f0exact: {$numberDecimal: '1'}, f0largest: {$numberDecimal: '1E+30'}, f0beyond0: 1,"
                                + " f0beyond6: 0"),
                parts(
                        0,
                        2,
                        0,
                        ", f0exact: {$numberDecimal: '1'}, f0largest: {$numberDecimal: '1'}, f0beyond0: 1,"
                                + " f0beyond6: 1, f0beyond12: 1, f0beyond18: 1"),
                parts(0, 1, 1, ", f0exact: {$numberDecimal: '1'}, f0real: 1.0"),
                parts(0, 0, 2, ", f0real: {$numberDouble: 'Infinity'}"));
        for (String answer : inexact) {
            server.on(
                    "find",
                    asked -> ScriptedMongoServer.batch(
                            "firstBatch", 0, BsonDocument.parse("{_id: 'a', v: {$numberDecimal: '0.5'}}")));
            assertThat(figure(sum, answer)).isEqualTo(new BigDecimal("0.5"));
        }
        server.on(
                "find",
                asked -> ScriptedMongoServer.batch("firstBatch", 0, BsonDocument.parse("{_id: 'a', v: 'text'}")));
        assertThat(figure(Measure.min(V), "{_id: null, n: 1, f0min: {$binary: {base64: 'AQ==', subType: '0'}}}"))
                .isEqualTo("text");
        assertThat(server.received("find")).allSatisfy(find -> {
            assertThat(find.getDocument("projection")).containsKeys("v", "_cs").hasSize(2);
            assertThat(find.getBoolean("autocommit").getValue()).isFalse();
        });
        assertThat(server.received("find").get(0).get("txnNumber"))
                .isEqualTo(server.received("aggregate").get(0).get("txnNumber"));
    }
}
