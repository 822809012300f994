package org.corestack.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreTransactionTest {
    private static final Key K = Key.of("k");
    private static final Document ONE = Document.of("n", 1);

    private final StoreClient client = StoreClient.open("memory:");
    private final Store store = client.store("shop");
    private final MemoryEngine engine = client.unwrap(MemoryEngine.class);

    @AfterEach
    void close() {
        client.close();
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
            }
        });
    }

    private long found() {
        return store.collection("a").count(Filter.all()) + store.collection("b").count(Filter.all());
    }

    @Test
    void allOfItTakesEffectOrNothing() {
        String result = store.inTransaction(transaction -> {
            transaction.collection("a").insert(K, ONE);
            transaction.collection("b").insert(K, ONE);
            assertThat(transaction.collection("a").find(K)).isPresent();
            assertThat(found()).as("seen by others").isZero();
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(found()).isEqualTo(2);
        IllegalStateException own = new IllegalStateException("changed my mind");
        assertThatThrownBy(() -> store.inTransaction(transaction -> {
                    transaction.collection("a").delete(K, Condition.none());
                    throw own;
                }))
                .isSameAs(own);
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> store.inTransaction(transaction -> {
                    transaction.collection("a").delete(K, Condition.none());
                    return transaction.collection("b").insert(K, ONE);
                }));
        assertThat(found()).isEqualTo(2);
        assertThat(engine.calls().stream().filter("rollback"::equals)).hasSize(2);
        assertThat(store.<Object>inTransaction(transaction -> null)).isNull();
    }

    @Test
    void anErrorUndoesItToo() {
        Error error = new AssertionError("no");
        assertThatThrownBy(() -> store.inTransaction(transaction -> {
                    transaction.collection("a").insert(K, ONE);
                    throw error;
                }))
                .isSameAs(error);
        assertThat(found()).isZero();
        assertThat(engine.calls()).endsWith("rollback", "aggregate", "aggregate");
    }

    @Test
    void whatLostIsDoneAnew() {
        engine.loseCommits(3);
        AtomicInteger runs = new AtomicInteger();
        List<String> after = new ArrayList<>();
        int result = store.inTransaction(transaction -> {
            int run = runs.incrementAndGet();
            transaction.collection("a").insert(K, Document.of("run", run));
            transaction.afterCommit(() -> after.add("run " + run + " saw " + found()));
            return run;
        });
        assertThat(result).isEqualTo(4);
        assertThat(store.collection("a").find(K).orElseThrow().document()).isEqualTo(Document.of("run", 4));
        assertThat(after).containsExactly("run 4 saw 1");
    }

    @Test
    void anothersWriteMakesItLose() {
        store.collection("a").insert(K, ONE);
        AtomicInteger runs = new AtomicInteger();
        store.inTransaction(transaction -> {
            Document before = transaction.collection("a").find(K).orElseThrow().document();
            if (runs.incrementAndGet() == 1) {
                store.collection("a").patch(K, Patch.increment(FieldPath.of("n"), 10), Condition.none());
            }
            int n = before.get("n", Integer.class);
            return transaction.collection("a").replace(K, Document.of("n", n + 1), Condition.none());
        });
        assertThat(runs).hasValue(2);
        assertThat(store.collection("a").find(K).orElseThrow().document()).isEqualTo(Document.of("n", 12));
    }

    @Test
    void oneThatKeepsLosingIsAConflict() {
        ClientOptions hurried = ClientOptions.ofDefaults().withTimeout(Duration.ofSeconds(1));
        AtomicInteger runs = new AtomicInteger();
        try (StoreClient impatient = StoreClient.open("memory:", hurried)) {
            impatient.unwrap(MemoryEngine.class).loseCommits(Integer.MAX_VALUE);
            assertFails(
                    ErrorCode.CONFLICT,
                    () -> impatient.store("shop").inTransaction(transaction -> runs.incrementAndGet()),
                    "a transaction of shop kept losing",
                    "another transaction was faster");
        }
        assertThat(runs.get()).isGreaterThan(1);
    }

    @Test
    void whatCantBeDoneAnewIsNot() {
        AtomicInteger runs = new AtomicInteger();
        assertFails(
                ErrorCode.CONFLICT,
                () -> store.inTransaction(transaction -> {
                    runs.incrementAndGet();
                    transaction.collection("a").insert(K, ONE);
                    return transaction.collection("a").replace(K, ONE, Condition.ifVersion(99));
                }),
                "the condition of the write does not hold");
        assertThat(runs).as("a condition of one's own").hasValue(1);
        engine.loseCommits(1);
        CoreException late = CoreException.failedPrecondition("too late");
        assertThatThrownBy(() -> store.inTransaction(transaction -> {
                    transaction.afterCommit(() -> {
                        throw late;
                    });
                    return runs.incrementAndGet();
                }))
                .isSameAs(late);
        assertThat(runs).hasValue(3);
    }

    @Test
    void whatFailsAfterwardsIsNotDoneAnew() {
        engine.retryAnything();
        AtomicInteger runs = new AtomicInteger();
        CoreException late = new CoreException(ErrorCode.CONFLICT, "of another write, after the commit");
        assertThatThrownBy(() -> store.inTransaction(transaction -> {
                    transaction.afterCommit(() -> {
                        throw late;
                    });
                    return runs.incrementAndGet();
                }))
                .isSameAs(late);
        assertThat(runs).hasValue(1);
    }

    /** Those of a library know nothing of those of the caller. */
    @Test
    void anActionThatThrowsAfterwardsStopsNoOther() {
        CoreException first = CoreException.failedPrecondition("first");
        IllegalStateException second = new IllegalStateException("second");
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> store.inTransaction(transaction -> {
                    transaction.afterCommit(() -> {
                        throw first;
                    });
                    transaction.afterCommit(() -> {
                        throw second;
                    });
                    transaction.afterCommit(runs::incrementAndGet);
                    return true;
                }))
                .isSameAs(first)
                .hasSuppressedException(second);
        assertThat(runs).hasValue(1);
    }

    @Test
    void anInterruptEndsIt() {
        engine.loseCommits(Integer.MAX_VALUE);
        assertFails(
                ErrorCode.CANCELED,
                () -> store.inTransaction(transaction -> {
                    Thread.currentThread().interrupt();
                    return 1;
                }));
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        assertFails(ErrorCode.CANCELED, () -> store.inTransaction(transaction -> 1));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void afterItsEndItIsOver() {
        AtomicReference<StoreTransaction> kept = new AtomicReference<>();
        AtomicReference<StoreCollection> collection = new AtomicReference<>();
        store.inTransaction(transaction -> {
            kept.set(transaction);
            collection.set(transaction.collection("a"));
            return collection.get().insert(K, ONE);
        });
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> kept.get().collection("a"),
                () -> kept.get().afterCommit(() -> {}),
                () -> collection.get().find(K),
                () -> collection.get().insert(Key.of(2), ONE),
                () -> collection.get().findMany(Filter.all(), FindOptions.ofDefaults()))) {
            assertFails(ErrorCode.FAILED_PRECONDITION, call, "over");
        }
        assertThat(found()).isEqualTo(1);
    }

    @Test
    void withinItThereIsNoFeed() {
        store.inTransaction(transaction -> {
            StoreCollection collection = transaction.collection("a").withTimeout(Duration.ofSeconds(5));
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> collection.snapshot(Filter.all()),
                    () -> collection.position(),
                    () -> collection.covers(new Position("0:1"), new Position("0:1")),
                    () -> collection.watch(WatchOptions.ofDefaults(), change -> {}),
                    () -> collection.ensureIndex(Index.on(FieldPath.of("n"))))) {
                assertFails(ErrorCode.FAILED_PRECONDITION, call, "shop.a is not to be had within a transaction");
            }
            assertThat(collection.statements(List.of(Index.on(FieldPath.of("n")))))
                    .isNotEmpty();
            return 1;
        });
    }

    @Test
    void whatIsWrittenInItIsOneStepOfTheFeed() {
        StoreCollection collection = store.collection("a");
        Position before = collection.position();
        store.inTransaction(transaction -> {
            var written = transaction.collection("a").insert(K, ONE);
            assertThat(collection.covers(collection.position(), written.position()))
                    .isFalse();
            return written;
        });
        assertThat(collection.covers(before, collection.position())).isFalse();
    }

    @Test
    void aTransactionOfTheCallersOwnIsJoined() {
        MemoryEngine.Session session = engine.session();
        List<String> after = new ArrayList<>();
        store.inTransaction(session, transaction -> {
            transaction.afterCommit(() -> after.add("done"));
            return transaction.collection("a").insert(K, ONE);
        });
        assertThat(after).containsExactly("done");
        assertThatThrownBy(() -> store.inTransaction(session, transaction -> {
                    transaction.collection("b").insert(K, ONE);
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(found()).as("before the caller's commit").isZero();
        session.commit();
        assertThat(found()).as("rolling back is the caller's").isEqualTo(2);
        assertFails(
                ErrorCode.FAILED_PRECONDITION,
                () -> store.inTransaction(
                        session, transaction -> transaction.collection("a").find(K)),
                "over");
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> store.inTransaction("no handle", transaction -> 1),
                "can't use a transaction of a java.lang.String");
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without annotations can do
    void whatIsWrongIsRefused() {
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> store.inTransaction(null), "work");
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> store.inTransaction(null, transaction -> 1), "handle");
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> store.inTransaction(transaction -> transaction.collection("a b")),
                "'a b'");
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> store.inTransaction(transaction -> {
                    transaction.afterCommit(null);
                    return 1;
                }),
                "action");
        engine.claim(Set.of());
        assertFails(
                ErrorCode.UNSUPPORTED,
                () -> store.inTransaction(transaction -> 1),
                "a transaction of shop is not to be had");
    }
}
