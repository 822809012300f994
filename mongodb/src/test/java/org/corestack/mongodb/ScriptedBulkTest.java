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
import org.corestack.testkit.ScriptedMongoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several writes at once: what they send, and what becomes of each part of the answer. */
class ScriptedBulkTest {
    private final ScriptedMongoServer server = new ScriptedMongoServer();
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

    /** The answer to a command of which so many statements matched a document and so many created one. */
    private void answers(int matched, int created, BsonDocument... errors) {
        BsonDocument reply = new BsonDocument("n", new BsonInt32(matched + created));
        BsonArray upserted = new BsonArray();
        for (int i = 0; i < created; i++) {
            upserted.add(new BsonDocument("index", new BsonInt32(i)).append("_id", new BsonString("created")));
        }
        reply.append("nModified", new BsonInt32(matched)).append("upserted", upserted);
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

    private void finds(BsonDocument... documents) {
        server.on("find", asked -> ScriptedMongoServer.batch("firstBatch", 0, documents));
    }

    /** Documents as they are once the command has been sent, whose mark is known then. */
    private void findsOurs(String first, int count, String... others) {
        server.on("find", asked -> {
            List<BsonDocument> documents = new ArrayList<>(List.of(stored(first, count, "")));
            for (int i = 0; i < others.length; i++) {
                documents.add(stored(others[i], count + i + 1, ""));
            }
            return ScriptedMongoServer.batch("firstBatch", 0, documents.toArray(BsonDocument[]::new));
        });
    }

    private List<BsonDocument> statements() {
        return server.received("update").get(0).getArray("updates").stream()
                .map(each -> each.asDocument())
                .toList();
    }

    @Test
    void severalWritesAreOneCommandAndOneRead() {
        answers(3, 1);
        findsOurs("a", 3, "b", "c", "d");
        List<BulkResult> results = writeAll(
                insert("a"),
                merge("b", version(1)),
                increment("c"),
                new Write.Replace(Key.of("d"), Document.of("n", 1), Condition.none()));
        assertThat(results)
                .extracting(result -> result.get().version())
                .containsExactly(version(3), version(4), version(5), version(6));
        assertThat(server.received("update")).hasSize(1);
        assertThat(server.received("find")).hasSize(1);
        assertThat(server.received("findAndModify")).isEmpty();
        BsonDocument command = server.received("update").get(0);
        assertThat(command.getBoolean("ordered").getValue()).isFalse();
        assertThat(command.getDocument("writeConcern")).isEqualTo(BsonDocument.parse("{w: 'majority', j: true}"));
        assertThat(statements())
                .extracting(each -> each.containsKey("upsert"))
                .as("a change can't create its document")
                .containsExactly(true, false, false, false);
        assertThat(statements().get(0).getDocument("q"))
                .as("the servers take no $expr in the filter of an upsert")
                .isEqualTo(BsonDocument.parse("{_id: 'a', _cs: {$type: 'minKey'}}"));
    }

    @Test
    void anUpsertIsACreationWhereNothingIsThere() {
        finds(stored("b", 1, "another 1"));
        answers(1, 1);
        findsOurs("a", 3, "b");
        List<BulkResult> results = writeAll(upsert("a"), upsert("b"));
        assertThat(results).extracting(result -> result.get().version()).containsExactly(version(3), version(4));
        assertThat(statements()).extracting(each -> each.containsKey("upsert")).containsExactly(true, false);
    }

    /** crud/bulkWrite: "BulkWrite continue-on-error behavior with unordered (preexisting duplicate key)". */
    @Test
    void eachErrorIsThatOfItsOwnWrite() {
        answers(
                2,
                0,
                error(0, 11000, "E11000 duplicate key error collection: shop.things index: _id_ dup key: { _id: 1 }"),
                error(4, 11000, "E11000 duplicate key error collection: shop.things index: one-n dup key: { n: 1 }"));
        findsOurs("b", 3, "d");
        server.on("findAndModify", "{value: null}"); // of c by itself
        finds(stored("c", 9, "another 1"));
        List<BulkResult> results =
                writeAll(insert("a"), increment("b"), merge("c", version(1)), increment("d"), insert("e"));
        assertThat(codes(results))
                .containsExactlyElementsOf(Arrays.asList(
                        ErrorCode.ALREADY_EXISTS, null, ErrorCode.CONFLICT, null, ErrorCode.ALREADY_EXISTS));
        assertThat(((BulkResult.Failed) results.get(4)).error())
                .hasMessageContaining("one-n")
                .hasMessageContaining("'e'");
        assertThat(results.get(1).get().version()).isEqualTo(version(3));
        assertThat(results.get(3).get().version()).isEqualTo(version(4));
        assertThat(server.received("aggregate")).isEmpty();
    }

    @Test
    void whatMetNoDocumentIsTriedByItself() {
        answers(1, 0);
        findsOurs("a", 3);
        server.on("findAndModify", "{value: {_id: 'b', _cs: {v: {$timestamp: {t: 7, i: 8}}, by: 'x'}}}");
        List<BulkResult> results = writeAll(increment("a"), increment("b"));
        assertThat(results).extracting(result -> result.get().version()).containsExactly(version(3), version(8));
        assertThat(server.received("findAndModify")).hasSize(1);
    }

    @Test
    void theWritesOfOneKeyAndDeletionsAreCommandsOfTheirOwn() {
        answers(0, 2);
        findsOurs("a", 3, "b");
        server.on("delete", "{n: 1}");
        answers(1, 1);
        findsOurs("a", 5, "b");
        List<BulkResult> results = writeAll(
                insert("a"), insert("b"), new Write.Delete(Key.of("b"), Condition.none()), increment("a"), insert("b"));
        assertThat(codes(results)).containsOnlyNulls();
        assertThat(results).extracting(result -> result.get().version()).contains(version(3), version(5), version(6));
        assertThat(server.received("update")).hasSize(2);
    }

    /** What another has changed or deleted since was written too, and the changes tell its version. */
    @Test
    void aWriteThatWasOvertakenHasItsOwnVersion() {
        answers(2, 0);
        finds(stored("a", 9, "another 1"));
        changes(() -> List.of(
                event("a", "{meta: [{k: '_cs', v: {v: {$timestamp: {t: 7, i: 9}}, by: 'another 1'}}]}"),
                event("a", "{meta: [{k: '_cs', v: {v: {$timestamp: {t: 7, i: 3}}, by: '" + mark() + "'}}]}"),
                event("gone", "{fullDocument: {_cs: {v: {$timestamp: {t: 7, i: 4}}, by: '" + mark() + "'}}}")));
        List<BulkResult> results = writeAll(increment("a"), increment("gone"));
        assertThat(results).extracting(result -> result.get().version()).containsExactly(version(3), version(4));
        List<BsonDocument> stages = server.received("aggregate").get(0).getArray("pipeline").stream()
                .map(each -> each.asDocument())
                .toList();
        assertThat(stages.get(0).getDocument("$changeStream").getTimestamp("startAtOperationTime"))
                .isLessThan(server.time());
        assertThat(stages.get(1)).isEqualTo(BsonDocument.parse("{$match: {'documentKey._id': {$in: ['a', 'gone']}}}"));
    }

    /** Of two without the mark one had matched: the changes tell which, and the other is tried by itself. */
    @Test
    void whatWasOvertakenIsToldFromWhatMetNoDocument() {
        answers(1, 0);
        finds(stored("a", 9, "another 1"), stored("b", 8, "another 2"));
        changes(() ->
                List.of(event("a", "{meta: [{k: '_cs', v: {v: {$timestamp: {t: 7, i: 3}}, by: '" + mark() + "'}}]}")));
        server.on("findAndModify", "{value: {_id: 'b', _cs: {v: {$timestamp: {t: 7, i: 12}}, by: 'x'}}}");
        List<BulkResult> results = writeAll(increment("a"), increment("b"));
        assertThat(results).extracting(result -> result.get().version()).containsExactly(version(3), version(12));
    }

    private interface Events {
        List<BsonDocument> now();
    }

    /** A stream of changes that has come to its end. */
    private void changes(Events events) {
        server.on("aggregate", asked -> {
            BsonDocument reply =
                    ScriptedMongoServer.batch("firstBatch", 77, events.now().toArray(BsonDocument[]::new));
            reply.getDocument("cursor").append("postBatchResumeToken", token());
            return reply;
        });
    }

    private BsonDocument token() {
        return new BsonDocument(
                "_data", new BsonString(String.format("82%016X46", server.tick().getValue())));
    }

    private BsonDocument event(String key, String more) {
        return BsonDocument.parse(more)
                .append("_id", token())
                .append("operationType", new BsonString(more.contains("meta") ? "update" : "insert"))
                .append("clusterTime", server.time())
                .append("documentKey", new BsonDocument("_id", new BsonString(key)));
    }

    /** Where the changes can't be read, it is told of a creation that it took place, and of a change that nobody knows. */
    @Test
    void whatWasOvertakenIsOpenWhereTheChangesCannotBeRead() {
        answers(1, 1);
        BsonTimestamp end = server.tick();
        finds(stored("a", 9, "another 1"));
        server.fail("aggregate", 13, "Unauthorized");
        List<BulkResult> results = writeAll(insert("gone"), increment("a"));
        assertThat(results.get(0).get().version()).isEqualTo(Versions.of(end));
        assertThat(codes(results)).containsExactly(null, ErrorCode.UNAVAILABLE);
        assertThat(((BulkResult.Failed) results.get(1)).error())
                .hasMessageContaining("whether the write took place is not known");
    }

    /** retryable-writes/bulkWrite-errorLabels: "BulkWrite succeeds after PrimarySteppedDown". */
    @Test
    void aCommandIsTriedAgainAsTheSameCommand() {
        server.fail("update", 189, "PrimarySteppedDown", "RetryableWriteError");
        answers(0, 2);
        findsOurs("a", 3, "b");
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
                "{n: 1, nModified: 1, writeErrors: [{index: 0, code: 11000, errmsg: 'E11000 index: _id_ dup key'}],"
                        + " writeConcernError: {code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting timed out'}}");
        assertThat(codes(writeAll(insert("a"), insert("b"))))
                .containsExactly(ErrorCode.ALREADY_EXISTS, ErrorCode.UNAVAILABLE);
    }

    @Test
    void writesWhoseVersionsCannotBeReadSaySo() {
        answers(0, 2);
        server.fail("find", 13, "Unauthorized");
        List<BulkResult> results = writeAll(insert("a"), insert("b"));
        assertThat(codes(results)).containsOnly(ErrorCode.UNAVAILABLE);
        assertThat(((BulkResult.Failed) results.get(1)).error())
                .hasMessageContaining("whether the insert of 'b' in shop.things took place is not known");
    }
}
