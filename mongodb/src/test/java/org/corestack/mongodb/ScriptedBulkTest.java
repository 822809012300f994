package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonType;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several writes at once: what they send, and what becomes of each part of the answer. */
class ScriptedBulkTest {
    private final ScriptedServer server = new ScriptedServer();
    private final StoreClient client = StoreClient.open(
            server.uri(), ClientOptions.ofDefaults().withSource("script").withTimeout(Duration.ofSeconds(5)));

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private List<BulkResult> writeAll(Write... writes) {
        return client.store("shop").collection("things").writeAll(List.of(writes));
    }

    private static Write insert(String key) {
        return new Write.Insert(Key.of(key), Document.of("n", 1));
    }

    private static Write upsert(String key) {
        return new Write.Upsert(Key.of(key), Document.of("n", 1), Set.of());
    }

    private static Write increment(String key) {
        return new Write.Apply(Key.of(key), Patch.increment(FieldPath.of("n"), 1), Condition.none(), false);
    }

    private static Write merge(String key, long version) {
        return new Write.Merge(Key.of(key), Document.of("n", 1), Set.of(), Condition.ifVersion(version));
    }

    private static List<ErrorCode> codes(List<BulkResult> results) {
        List<ErrorCode> codes = new ArrayList<>();
        for (BulkResult result : results) {
            codes.add(
                    result instanceof BulkResult.Failed failed ? failed.error().code() : null);
        }
        return codes;
    }

    private static BsonDocument error(int index, int code, String message) {
        return new BsonDocument("index", new BsonInt32(index))
                .append("code", new BsonInt32(code))
                .append("errmsg", new BsonString(message));
    }

    private void answers(int done, BsonDocument... errors) {
        BsonDocument reply = new BsonDocument("n", new BsonInt32(done)).append("nModified", new BsonInt32(done));
        if (errors.length > 0) {
            reply.append("writeErrors", new BsonArray(List.of(errors)));
        }
        server.on("update", asked -> reply);
    }

    private BsonDocument stored(String key, int count, String by) {
        return new BsonDocument("_id", new BsonString(key))
                .append(
                        "_cs",
                        new BsonDocument("v", new BsonTimestamp(7, count))
                                .append("by", new BsonString(by.isEmpty() ? mark() : by)));
    }

    /** What the command that was sent last writes as its mark. */
    private String mark() {
        List<BsonDocument> sent = server.received("update");
        BsonDocument first = sent.get(sent.size() - 1)
                .getArray("updates")
                .get(0)
                .asDocument()
                .getDocument("u");
        BsonDocument fields = first.containsKey("$setOnInsert")
                        && first.getDocument("$setOnInsert").containsKey("_cs.by")
                ? first.getDocument("$setOnInsert")
                : first.getDocument("$set");
        return fields.getString("_cs.by").getValue();
    }

    private static long version(int count) {
        return (7L << 31) + count;
    }

    @Test
    void severalWritesAreOneCommandAndOneRead() {
        answers(3);
        server.on(
                "find",
                asked -> ScriptedServer.batch(
                        "firstBatch", 0, stored("c", 5, ""), stored("a", 3, ""), stored("b", 4, "")));
        List<BulkResult> results = writeAll(insert("a"), upsert("b"), increment("c"));
        assertThat(results)
                .extracting(result -> result.get().version())
                .containsExactly(version(3), version(4), version(5));
        assertThat(server.received("update")).hasSize(1);
        assertThat(server.received("find")).hasSize(1);
        assertThat(server.received("findAndModify")).isEmpty();
        BsonDocument command = server.received("update").get(0);
        assertThat(command.getBoolean("ordered").getValue()).isFalse();
        assertThat(command.getDocument("writeConcern")).isEqualTo(BsonDocument.parse("{w: 'majority', j: true}"));
        List<BsonDocument> statements = command.getArray("updates").stream()
                .map(each -> each.asDocument())
                .toList();
        assertThat(statements).allMatch(each -> each.getBoolean("upsert").getValue());
        assertThat(statements
                        .get(2)
                        .getDocument("u")
                        .getDocument("$setOnInsert")
                        .get("_id")
                        .getBsonType())
                .as("a patch can't create its document")
                .isEqualTo(BsonType.MIN_KEY);
    }

    /** crud/bulkWrite: "BulkWrite continue-on-error behavior with unordered (preexisting duplicate key)". */
    @Test
    void eachErrorIsThatOfItsOwnWrite() {
        answers(
                2,
                error(0, 241, "Failed to parse number 'taken' in $convert"),
                error(2, 66, "would modify the immutable field '_id'"),
                error(4, 11000, "E11000 duplicate key error collection: shop.things index: one-n dup key: { n: 1 }"));
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("b", 3, ""), stored("d", 4, "")));
        server.on("findAndModify", "{value: null}"); // of c by itself
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("c", 9, "another 1")));
        List<BulkResult> results =
                writeAll(insert("a"), upsert("b"), merge("c", version(1)), increment("d"), insert("e"));
        assertThat(codes(results))
                .containsExactlyElementsOf(Arrays.asList(
                        ErrorCode.ALREADY_EXISTS, null, ErrorCode.CONFLICT, null, ErrorCode.ALREADY_EXISTS));
        assertThat(((BulkResult.Failed) results.get(4)).error())
                .hasMessageContaining("one-n")
                .hasMessageContaining("'e'");
        assertThat(results.get(1).get().version()).isEqualTo(version(3));
        assertThat(results.get(3).get().version()).isEqualTo(version(4));
    }

    @Test
    void whatMetNoDocumentIsTriedByItself() {
        answers(1, error(1, 66, "would modify the immutable field '_id'"));
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("a", 3, "")));
        server.on("findAndModify", "{value: {_id: 'b', _cs: {v: {$timestamp: {t: 7, i: 8}}, by: 'x'}}}");
        List<BulkResult> results = writeAll(increment("a"), increment("b"));
        assertThat(results).extracting(result -> result.get().version()).containsExactly(version(3), version(8));
        assertThat(server.received("findAndModify")).hasSize(1);
    }

    @Test
    void theWritesOfOneKeyAndDeletionsAreCommandsOfTheirOwn() {
        answers(2);
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("a", 3, ""), stored("b", 4, "")));
        server.on("delete", "{n: 1}");
        answers(2);
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("a", 5, ""), stored("b", 6, "")));
        List<BulkResult> results = writeAll(
                insert("a"), insert("b"), new Write.Delete(Key.of("b"), Condition.none()), increment("a"), insert("b"));
        assertThat(codes(results)).containsOnlyNulls();
        assertThat(results).extracting(result -> result.get().version()).contains(version(3), version(5), version(6));
        assertThat(server.received("update")).hasSize(2);
    }

    /** What another has changed or deleted since was written too, and the changes tell its version. */
    @Test
    void aWriteThatWasOvertakenHasItsOwnVersion() {
        answers(2);
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("a", 9, "another 1")));
        server.on(
                "aggregate",
                asked -> ScriptedServer.batch(
                        "firstBatch",
                        77,
                        event("a", "{meta: [{k: '_cs', v: {v: {$timestamp: {t: 7, i: 9}}, by: 'another 1'}}]}"),
                        event("a", "{meta: [{k: '_cs', v: {v: {$timestamp: {t: 7, i: 3}}, by: '" + mark() + "'}}]}"),
                        event("gone", "{fullDocument: {_cs: {v: {$timestamp: {t: 7, i: 4}}, by: '" + mark() + "'}}}")));
        List<BulkResult> results = writeAll(upsert("a"), upsert("gone"));
        assertThat(results).extracting(result -> result.get().version()).containsExactly(version(3), version(4));
        List<BsonDocument> stages = server.received("aggregate").get(0).getArray("pipeline").stream()
                .map(each -> each.asDocument())
                .toList();
        assertThat(stages.get(0).getDocument("$changeStream").getTimestamp("startAtOperationTime"))
                .isLessThan(server.time());
        assertThat(stages.get(1)).isEqualTo(BsonDocument.parse("{$match: {'documentKey._id': {$in: ['a', 'gone']}}}"));
    }

    private BsonDocument event(String key, String more) {
        BsonDocument event = BsonDocument.parse(more)
                .append(
                        "_id",
                        new BsonDocument(
                                "_data",
                                new BsonString(
                                        String.format("82%016X46", server.tick().getValue()))))
                .append("operationType", new BsonString(more.contains("meta") ? "update" : "insert"))
                .append("clusterTime", server.time())
                .append("documentKey", new BsonDocument("_id", new BsonString(key)));
        return event;
    }

    /** Where the changes can't be read the moment of the end is told: no version of a document, and not before the true one. */
    @Test
    void aWriteThatWasOvertakenHasTakenPlace() {
        answers(2);
        BsonTimestamp end = server.tick();
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("a", 9, "another 1")));
        server.fail("aggregate", 13, "Unauthorized");
        List<BulkResult> results = writeAll(upsert("a"), upsert("gone"));
        assertThat(results).extracting(result -> result.get().version()).containsOnly(Versions.of(end));
    }

    /** retryable-writes/bulkWrite-errorLabels: "BulkWrite succeeds after PrimarySteppedDown". */
    @Test
    void aCommandIsTriedAgainAsTheSameCommand() {
        server.fail("update", 189, "PrimarySteppedDown", "RetryableWriteError");
        answers(2);
        server.on("find", asked -> ScriptedServer.batch("firstBatch", 0, stored("a", 3, ""), stored("b", 4, "")));
        assertThat(codes(writeAll(insert("a"), insert("b")))).containsOnlyNulls();
        assertThat(server.received("update"))
                .extracting(command -> command.get("txnNumber"))
                .hasSize(2)
                .containsOnly(server.received("update").get(0).get("txnNumber"))
                .doesNotContainNull();
    }

    /** retryable-writes/bulkWrite-errorLabels: "BulkWrite fails if server does not return RetryableWriteError". */
    @Test
    void whatNoAnswerToldOfIsOpen() {
        server.fail("update", 11600, "InterruptedAtShutdown");
        List<BulkResult> results = writeAll(insert("a"), insert("b"));
        assertThat(codes(results)).containsOnly(ErrorCode.UNAVAILABLE);
        assertThat(((BulkResult.Failed) results.get(0)).error())
                .hasMessageContaining("whether the write took place is not known");
    }

    @Test
    void whatTheMajorityDidNotConfirmIsOpen() {
        server.on(
                "update",
                "{n: 1, nModified: 1, writeErrors: [{index: 0, code: 241, errmsg: 'taken'}],"
                        + " writeConcernError: {code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting timed out'}}");
        assertThat(codes(writeAll(insert("a"), insert("b"))))
                .containsExactly(ErrorCode.ALREADY_EXISTS, ErrorCode.UNAVAILABLE);
    }

    @Test
    void writesWhoseVersionsCannotBeReadSaySo() {
        answers(2);
        server.fail("find", 13, "Unauthorized");
        List<BulkResult> results = writeAll(insert("a"), insert("b"));
        assertThat(codes(results)).containsOnly(ErrorCode.UNAVAILABLE);
        assertThat(((BulkResult.Failed) results.get(1)).error())
                .hasMessageContaining("the insert of 'b' in shop.things took place");
    }
}
