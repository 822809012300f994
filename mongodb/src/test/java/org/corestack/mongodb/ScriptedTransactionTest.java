package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreTransaction;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineTransaction;
import org.corestack.testkit.ScriptedMongoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transactions: what they send, and what becomes of errors; each script says which test of the specifications it tells again. */
class ScriptedTransactionTest {
    private static final Key K = Key.of("k");
    private static final String STAMPED = "{value: {_id: 'k', _cs: {v: {$timestamp: {t: 7, i: 3}}, by: 'x'}}}";
    private static final String TRANSIENT = "TransientTransactionError";
    private static final String UNKNOWN = "UnknownTransactionCommitResult";

    private final ScriptedMongoServer server = new ScriptedMongoServer();
    private final StoreClient client = StoreClient.open(
            server.uri(), ClientOptions.ofDefaults().withSource("script").withTimeout(Duration.ofSeconds(5)));
    private final Store store = client.store("shop");
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private Written insert(StoreTransaction transaction) {
        runs.incrementAndGet();
        server.on("findAndModify", STAMPED);
        return transaction.collection("things").insert(K, Document.of("a", 1));
    }

    private static CoreException failure(ErrorCode code, ThrowingCallable call) {
        CoreException error = catchThrowableOfType(CoreException.class, call);
        assertThat(error).isNotNull();
        assertThat(error.code()).as("%s", error.getMessage()).isEqualTo(code);
        return error;
    }

    private List<BsonValue> numbers(String command) {
        List<BsonValue> numbers = new ArrayList<>();
        server.received(command).stream()
                .filter(each -> each.containsKey("autocommit"))
                .forEach(each -> numbers.add(
                        new BsonDocument("lsid", each.get("lsid")).append("txnNumber", each.get("txnNumber"))));
        return numbers;
    }

    /** transactions/commit: "commit"; read-concern: "only first countDocuments includes readConcern"; write-concern: "commit with default". */
    @Test
    void aTransactionIsOneOfTheServers() {
        assertThat(store.inTransaction(this::insert).version()).isEqualTo((7L << 31) + 3);
        BsonDocument find = server.received("find").get(0);
        BsonDocument write = server.received("findAndModify").get(0);
        BsonDocument commit = server.received("commitTransaction").get(0);
        assertThat(find.getBoolean("startTransaction").getValue()).isTrue();
        assertThat(find.getDocument("readConcern").getString("level").getValue())
                .isEqualTo("snapshot");
        assertThat(write).doesNotContainKeys("startTransaction", "readConcern", "writeConcern");
        assertThat(commit.getDocument("writeConcern")).isEqualTo(BsonDocument.parse("{w: 'majority', j: true}"));
        assertThat(List.of(find, write, commit))
                .allMatch(each -> !each.getBoolean("autocommit").getValue())
                .extracting(each -> each.get("txnNumber"))
                .containsOnly(find.get("txnNumber"));
        assertThat(server.received("listCollections").get(0)).doesNotContainKey("autocommit");
        assertThat(server.received("listIndexes").get(0)).doesNotContainKey("autocommit");
    }

    /** transactions-convenient-api/callback-retry: "callback succeeds after multiple connection errors". */
    @Test
    void whatLostAgainstAnotherIsDoneAnew() {
        store.inTransaction(transaction -> {
            if (runs.get() == 0) {
                server.fail("findAndModify", 112, "WriteConflict", TRANSIENT);
            } else if (runs.get() == 1) {
                server.cut("find");
            }
            return insert(transaction);
        });
        assertThat(runs).hasValue(3);
        assertThat(numbers("find")).hasSize(3).doesNotHaveDuplicates();
        assertThat(numbers("commitTransaction")).containsExactly(numbers("find").get(2));
    }

    /** transactions-convenient-api/commit-retry: "commitTransaction succeeds after multiple connection errors". */
    @Test
    void aCommitWhoseAnswerIsLostIsAskedForAgainAndTheWorkIsNotDoneAgain() {
        server.cut("commitTransaction")
                .fail("commitTransaction", 91, "ShutdownInProgress", "RetryableWriteError", UNKNOWN)
                .fail("commitTransaction", 64, "WriteConcernFailed", UNKNOWN);
        store.inTransaction(this::insert);
        assertThat(runs).hasValue(1);
        assertThat(numbers("commitTransaction"))
                .hasSize(4)
                .containsOnly(numbers("find").get(0));
    }

    /** transactions-convenient-api/commit-transienttransactionerror: "transaction is retried after commitTransaction TransientTransactionError (NoSuchTransaction)". */
    @Test
    void aCommitThatDidNotTakePlaceIsDoneAnewWithTheWork() {
        server.fail("commitTransaction", 251, "NoSuchTransaction", TRANSIENT);
        store.inTransaction(this::insert);
        assertThat(runs).hasValue(2);
        assertThat(numbers("commitTransaction")).hasSize(2).doesNotHaveDuplicates();
    }

    /** transactions-convenient-api/commit-retry: "commit is not retried after MaxTimeMSExpired error". */
    @Test
    void aCommitOfUnknownOutcomeIsToldAndNothingIsDoneAgain() {
        server.fail("commitTransaction", 50, "MaxTimeMSExpired", UNKNOWN);
        CoreException error = failure(ErrorCode.DEADLINE_EXCEEDED, () -> store.inTransaction(this::insert));
        assertThat(error).hasMessageContaining("whether the write took place is not known");
        assertThat(runs).hasValue(1);
    }

    /** transactions-convenient-api/callback-aborts: "withTransaction succeeds if callback aborts", and the prose test on a callback's own error. */
    @Test
    void whatTheWorkThrowsUndoesIt() {
        failure(
                ErrorCode.NOT_FOUND,
                () -> store.inTransaction(transaction -> {
                    insert(transaction);
                    return transaction
                            .collection("things")
                            .patch(Key.of("none"), Patch.unset(FieldPath.of("a")), Condition.none());
                }));
        assertThat(numbers("abortTransaction"))
                .isEqualTo(List.of(numbers("find").get(0)));
        assertThat(server.received("commitTransaction")).isEmpty();
    }

    /** A statement that fails would undo the transaction on the server: what is refused is found by reading. */
    @Test
    void whatIsRefusedIsNotSent() {
        server.on("find", "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch: [{_id: 'k', a: 'text'}]}}");
        server.on("find", "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch: [{_id: 'k', a: 'text'}]}}");
        store.inTransaction(transaction -> {
            var things = transaction.collection("things");
            failure(ErrorCode.ALREADY_EXISTS, () -> things.insert(K, Document.empty()));
            failure(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> things.patch(K, Patch.increment(FieldPath.of("a"), 1), Condition.none()));
            return true;
        });
        assertThat(server.received("findAndModify")).isEmpty();
    }

    @Test
    void whatAUniqueIndexForbidsIsFoundBefore() {
        server.on(
                "listIndexes",
                "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch: [{v: 2, key: {_id: 1}, name: '_id_'},"
                        + " {v: 2, key: {a: 1}, name: 'one-a', unique: true}]}}");
        server.on("find", asked -> ScriptedMongoServer.batch("firstBatch", 0));
        server.on("find", "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch: [{_id: 'other', a: 1}]}}");
        store.inTransaction(transaction -> {
            assertThat(failure(ErrorCode.ALREADY_EXISTS, () -> insert(transaction)))
                    .hasMessageContaining("one-a");
            return true;
        });
        assertThat(server.received("find").get(1).getDocument("filter"))
                .isEqualTo(BsonDocument.parse("{_id: {$ne: 'k'}, a: {$eq: 1}}"));
        assertThat(server.received("findAndModify")).isEmpty();
    }

    @Test
    void whatFailedUndoesItAndSaysSoAfterwards() {
        server.fail("findAndModify", 11000, "DuplicateKey");
        CoreException error = failure(
                ErrorCode.FAILED_PRECONDITION,
                () -> store.inTransaction(transaction -> {
                    if (runs.getAndIncrement() > 0) {
                        throw CoreException.failedPrecondition("again");
                    }
                    failure(ErrorCode.INVALID_ARGUMENT, () -> {
                        server.fail("find", 2, "BadValue");
                        transaction.collection("things").find(K);
                    });
                    return transaction.collection("things").find(K);
                }));
        assertThat(error).hasMessageContaining("was undone");
        assertThat(server.received("commitTransaction")).isEmpty();
    }

    @Test
    void aSessionOfTheCallersIsJoinedAndNotEnded() {
        MongoClient driver = client.unwrap(MongoClient.class);
        try (ClientSession session = driver.startSession()) {
            failure(ErrorCode.FAILED_PRECONDITION, () -> store.inTransaction(session, this::insert));
            session.startTransaction();
            store.inTransaction(session, this::insert);
            assertThat(session.hasActiveTransaction()).isTrue();
            assertThat(server.received("commitTransaction")).isEmpty();
            session.commitTransaction();
            failure(ErrorCode.FAILED_PRECONDITION, () -> store.inTransaction(session, this::insert));
        }
        assertThat(numbers("findAndModify")).isEqualTo(numbers("commitTransaction"));
        try (MongoClient other = MongoClients.create(server.uri());
                ClientSession session = other.startSession()) {
            session.startTransaction();
            failure(ErrorCode.INVALID_ARGUMENT, () -> store.inTransaction(session, this::insert));
        }
    }

    @Test
    void aWriteIsNotCoveredBeforeItsCommit() {
        try (Engine engine = new MongoEngineProvider()
                .open(new EngineConfig(server.uri(), "script", Duration.ofSeconds(5), Duration.ofHours(1)))) {
            ChangeSource changes = engine.store("shop").collection("things").changes();
            Deadline deadline = Deadline.in(Duration.ofSeconds(5));
            MongoPosition reached;
            Written written;
            try (EngineTransaction transaction = engine.store("shop").begin(deadline)) {
                server.on("findAndModify", STAMPED);
                written = transaction
                        .collection("things")
                        .write(new org.corestack.document.Write.Insert(K, Document.empty()), deadline)
                        .written();
                reached = MongoPosition.behind(server.collection(), server.tick());
                assertThat(changes.covers(reached.toPosition(), written.position()))
                        .isFalse();
                server.tick();
                transaction.commit(deadline);
            }
            assertThat(changes.covers(reached.toPosition(), written.position())).isFalse();
            MongoPosition behind = MongoPosition.behind(server.collection(), server.time());
            assertThat(changes.covers(behind.toPosition(), written.position())).isTrue();
        }
    }
}
