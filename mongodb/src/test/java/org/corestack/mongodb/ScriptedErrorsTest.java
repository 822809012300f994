package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.testkit.ScriptedMongoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of errors; each script says which test of the public driver specifications it tells again. */
class ScriptedErrorsTest {
    private static final Key K = Key.of("k");

    private final ScriptedMongoServer server = new ScriptedMongoServer();
    private Optional<StoreClient> client = Optional.empty();

    @AfterEach
    void close() {
        client.ifPresent(StoreClient::close);
        server.close();
    }

    private StoreClient open(String uri, Duration timeout) {
        StoreClient opened = StoreClient.open(
                uri, ClientOptions.ofDefaults().withSource("script").withTimeout(timeout));
        client = Optional.of(opened);
        return opened;
    }

    private StoreCollection things() {
        return open(server.uri(), Duration.ofSeconds(5)).store("shop").collection("things");
    }

    private static CoreException failure(ErrorCode code, ThrowingCallable call) {
        CoreException error = catchThrowableOfType(CoreException.class, call);
        assertThat(error).isNotNull();
        assertThat(error.code()).as("%s", error.getMessage()).isEqualTo(code);
        return error;
    }

    private static String stored() {
        return "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch: [{_id: 'k', a: 1}]}}";
    }

    /** retryable-reads/find: "Find succeeds on second attempt", a network error. */
    @Test
    void aReadWhoseConnectionIsCutIsTriedAgain() {
        server.cut("find").on("find", stored());
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(Document.of("a", 1));
        assertThat(server.received("find")).hasSize(2);
    }

    /** retryable-reads/find-serverErrors: "Find succeeds after NotWritablePrimary". */
    @Test
    void aReadIsTriedAgainAfterAnElection() {
        server.fail("find", 10107, "NotWritablePrimary").on("find", stored());
        assertThat(things().find(K)).isPresent();
    }

    /** retryable-writes/findOneAndUpdate-errorLabels: "FindOneAndUpdate succeeds after PrimarySteppedDown". */
    @Test
    void aWriteIsTriedAgainAsTheSameWrite() {
        server.fail("findAndModify", 189, "PrimarySteppedDown", "RetryableWriteError")
                .on("findAndModify", "{value: {_id: 'k', _cs: {v: {$timestamp: {t: 7, i: 3}}, by: 'x'}}}");
        assertThat(things().insert(K, Document.of("a", 1)).version()).isEqualTo((7L << 31) + 3);
        assertThat(server.received("findAndModify"))
                .extracting(command -> command.get("txnNumber"))
                .hasSize(2)
                .containsOnly(server.received("findAndModify").get(0).get("txnNumber"))
                .doesNotContainNull();
    }

    /** retryable-writes/findOneAndUpdate-errorLabels: "FindOneAndUpdate fails if server does not return RetryableWriteError". */
    @Test
    void aWriteThatCannotBeTriedAgainIsUnavailableAndSaysThatItsOutcomeIsOpen() {
        server.fail("findAndModify", 11600, "InterruptedAtShutdown");
        StoreCollection things = things();
        CoreException error = failure(ErrorCode.UNAVAILABLE, () -> things.insert(K, Document.empty()));
        assertThat(error).hasMessageContaining("whether the write took place is not known");
        assertThat(error.getCause()).isNotNull();
    }

    @Test
    void eachErrorOfTheServerHasItsCode() {
        StoreCollection things = things();
        server.fail("findAndModify", 13, "Unauthorized");
        failure(ErrorCode.FORBIDDEN, () -> things.insert(K, Document.empty()));
        server.fail("findAndModify", 11000, "DuplicateKey");
        failure(ErrorCode.ALREADY_EXISTS, () -> things.insert(K, Document.empty()));
        server.fail("find", 50, "MaxTimeMSExpired");
        failure(ErrorCode.DEADLINE_EXCEEDED, () -> things.find(K));
        server.fail("find", 13, "Unauthorized");
        failure(ErrorCode.FORBIDDEN, () -> things.find(K));
        server.fail("delete", 112, "WriteConflict");
        failure(ErrorCode.CONFLICT, () -> things.delete(K, Condition.none()));
        server.fail("delete", 14031, "OutOfDiskSpace");
        failure(ErrorCode.RESOURCE_EXHAUSTED, () -> things.delete(K, Condition.none()));
    }

    /** Two upserts of a free key at once: one of them meets the other's document only when it stores its own. */
    @Test
    void anUpsertThatWasOvertakenIsDoneAgain() {
        server.on("findAndModify", "{value: null}")
                .fail("findAndModify", 11000, "DuplicateKey")
                .on("findAndModify", "{value: {_id: 'k', _cs: {v: {$timestamp: {t: 7, i: 3}}, by: 'x'}}}");
        assertThat(things().upsert(K, Document.of("a", 1), java.util.Set.of()).version())
                .isEqualTo((7L << 31) + 3);
    }

    @Test
    void aValueThatAUniqueIndexForbidsIsTold() {
        server.on(
                "findAndModify",
                asked -> ScriptedMongoServer.error(11000, "DuplicateKey")
                        .append("keyPattern", BsonDocument.parse("{email: 1}")));
        StoreCollection things = things();
        assertThat(failure(ErrorCode.ALREADY_EXISTS, () -> things.upsert(K, Document.of("a", 1), java.util.Set.of()))
                        .getCause())
                .isNotNull();
        assertThat(server.received("findAndModify")).hasSize(1);
    }

    @Test
    void aServerThatDoesNotAnswerIsLate() {
        CountDownLatch over = new CountDownLatch(1);
        server.on("findAndModify", asked -> {
            over.await();
            return null;
        });
        StoreCollection things = things().withTimeout(Duration.ofMillis(800));
        CoreException error = failure(ErrorCode.DEADLINE_EXCEEDED, () -> things.insert(K, Document.empty()));
        over.countDown();
        assertThat(error).hasMessageContaining("whether the write took place is not known");
    }

    /** server-discovery-and-monitoring/rs: "replicaset_rsnp", a member that is no primary. */
    @Test
    void aSetWithoutAPrimaryIsUnavailable() {
        server.primary(false);
        StoreClient opened = open(server.uri(), Duration.ofMillis(1_200));
        CoreException error = failure(ErrorCode.UNAVAILABLE, opened::healthCheck);
        assertThat(error).hasMessageContaining("no primary").hasMessageContaining(server.address());
    }

    /** server-discovery-and-monitoring/rs: "new_primary", one that comes while it is waited for. */
    @Test
    void anElectionIsWaitedFor() {
        server.primary(false);
        server.on("find", stored());
        StoreCollection things = things();
        Thread election = new Thread(() -> {
            try {
                Thread.currentThread().join(700);
            } catch (InterruptedException e) {
                return;
            }
            server.primary(true);
        });
        election.start();
        assertThat(things.find(K)).isPresent();
    }

    @Test
    void aStandaloneServerIsRefused() {
        server.standalone();
        StoreClient opened = open(server.uri(), Duration.ofSeconds(5));
        assertThat(failure(ErrorCode.UNSUPPORTED, opened::healthCheck)).hasMessageContaining("replica set");
        failure(
                ErrorCode.UNSUPPORTED,
                () -> opened.store("shop").collection("things").find(K));
        assertThat(server.received("find")).isEmpty();
    }

    @Test
    void aServerBefore44IsRefused() {
        server.wireVersion(8);
        StoreClient opened = open(server.uri(), Duration.ofSeconds(5));
        assertThat(failure(ErrorCode.UNSUPPORTED, opened::healthCheck)).hasMessageContaining("4.4");
    }

    /** auth: the mechanism is SCRAM-SHA-256 unless the URI says another, and a refusal tells no secret. */
    @Test
    void aRefusedPasswordIsUnauthorizedAndNotTold() {
        server.fail("saslStart", 18, "AuthenticationFailed");
        server.fail("saslStart", 18, "AuthenticationFailed");
        StoreClient opened = open(
                server.uri().replace("mongodb://", "mongodb://joe:s3cr%40t@") + "&authSource=admin",
                Duration.ofSeconds(5));
        CoreException error = failure(ErrorCode.UNAUTHORIZED, opened::healthCheck);
        failure(
                ErrorCode.UNAUTHORIZED,
                () -> opened.store("shop").collection("things").find(K));
        for (Throwable at = error; at != null; at = at.getCause()) {
            assertThat(at.toString()).doesNotContain("s3cr");
        }
        assertThat(server.received("saslStart"))
                .extracting(command -> command.getString("mechanism").getValue())
                .containsOnly("SCRAM-SHA-256");
    }

    @Test
    void aWrongPortIsUnavailableAndNamed() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        StoreClient opened = open("mongodb://127.0.0.1:" + free, Duration.ofSeconds(1));
        assertThat(failure(ErrorCode.UNAVAILABLE, opened::healthCheck))
                .hasMessageContaining("127.0.0.1:" + free)
                .hasMessageContaining("refused");
        failure(
                ErrorCode.UNAVAILABLE,
                () -> opened.store("shop").collection("things").find(K));
    }

    @Test
    void anUnknownHostIsUnavailableAndNamed() {
        StoreClient opened = open("mongodb://no-such-host.invalid", Duration.ofMillis(1_500));
        assertThat(failure(ErrorCode.UNAVAILABLE, opened::healthCheck)).hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void anInterruptIsCanceledAndKept() throws Exception {
        server.primary(false);
        StoreCollection things = things();
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (caller.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
            }
            caller.interrupt();
        });
        interrupter.start();
        failure(ErrorCode.CANCELED, () -> things.find(K));
        assertThat(Thread.interrupted()).isTrue();
        interrupter.join();
    }

    @Test
    void aWriteIsOneCommandWithItsDefaults() {
        server.on("findAndModify", "{value: {_id: 'k', _cs: {v: {$timestamp: {t: 7, i: 3}}, by: 'x'}}}");
        StoreCollection things = things();
        things.update(K, Document.of("a", 1), java.util.Set.of(), Condition.ifVersion((7L << 31) + 2));
        BsonDocument command = server.received("findAndModify").get(0);
        BsonDocument query = command.getDocument("query");
        BsonValue concern = BsonDocument.parse("{w: 'majority', j: true}");
        assertThat(command.getDocument("writeConcern")).isEqualTo(concern);
        assertThat(query.getString("_id").getValue()).isEqualTo("k");
        assertThat(query.getTimestamp("_cs.v").getInc()).isEqualTo(2);
        assertThat(server.received("findAndModify")).hasSize(1);
        assertThat(server.received("find")).isEmpty();
    }
}
