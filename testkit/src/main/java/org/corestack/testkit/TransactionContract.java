package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Change;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.Store;
import org.corestack.store.StoreCollection;
import org.corestack.store.StoreTransaction;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.store.spi.Capability;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several operations that take effect together or not at all. */
abstract class TransactionContract extends IndexContract {
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");
    private static final FieldPath N = FieldPath.of("n");

    private static StoreCollection things(StoreTransaction transaction) {
        return transaction.collection("things");
    }

    private static int number(StoreCollection on, Key key) {
        return on.find(key).orElseThrow().document().get("n", Integer.class);
    }

    @Test
    void transactionsAreThereWhereTheyAreDeclared() {
        boolean declared = capabilities().contains(Capability.TRANSACTIONS);
        ErrorCode code = codeOf(() -> store().inTransaction(transaction -> transaction.store()));
        assertThat(code).isEqualTo(declared ? null : ErrorCode.UNSUPPORTED);
        ErrorCode unknown = codeOf(() -> store().inTransaction(new Object(), transaction -> transaction.store()));
        assertThat(unknown).isIn(ErrorCode.INVALID_ARGUMENT, declared ? null : ErrorCode.UNSUPPORTED);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void allOfItTakesEffect() {
        things().insert(B, doc("n", 1));
        things().insert(key("gone"), doc("n", 1));
        StoreCollection others = store().collection("others");
        List<Written> writes = store().inTransaction(transaction -> {
            List<Written> written = new ArrayList<>();
            written.add(things(transaction).insert(A, doc("n", 1)));
            written.add(things(transaction).replace(A, doc("n", 2), ALWAYS));
            written.add(things(transaction).update(B, doc("m", 2), Set.of(), ALWAYS));
            written.add(things(transaction).patch(B, Patch.increment(N, 4), ALWAYS));
            written.add(things(transaction).delete(key("gone"), ALWAYS).orElseThrow());
            written.add(transaction.collection("others").upsert(A, doc("n", 3), Set.of()));
            return written;
        });
        assertThat(things().find(A))
                .contains(new StoredDocument(A, doc("n", 2), writes.get(1).version()));
        assertThat(things().find(B))
                .contains(new StoredDocument(
                        B, Document.of("n", 5, "m", 2), writes.get(3).version()));
        assertThat(things().find(key("gone"))).isEmpty();
        assertThat(others.find(A))
                .contains(new StoredDocument(A, doc("n", 3), writes.get(5).version()));
        assertThat(writes.get(1).version()).isGreaterThan(writes.get(0).version());
        assertThat(things().patchAndGet(A, Patch.increment(N, 1), ALWAYS).version())
                .isGreaterThan(writes.get(1).version());
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void whatIsThrownUndoesAll() {
        long version = things().insert(A, doc("n", 1)).version();
        IllegalStateException error = new IllegalStateException("the work failed");
        assertThatThrownBy(() -> store().inTransaction(transaction -> {
                    things(transaction).patch(A, Patch.increment(N, 1), ALWAYS);
                    things(transaction).insert(B, doc("n", 1));
                    things(transaction).writeAll(List.of(new Write.Insert(key("c"), doc("n", 1))));
                    transaction.collection("others").insert(A, doc("n", 1));
                    throw error;
                }))
                .isSameAs(error);
        assertThat(things().findMany(Filter.all(), FindOptions.ofDefaults()))
                .containsExactly(new StoredDocument(A, doc("n", 1), version));
        assertThat(store().collection("others").find(A)).isEmpty();
        assertThat(things().patch(A, Patch.increment(N, 1), ALWAYS).version()).isGreaterThan(version);
        assertFails(
                ErrorCode.NOT_FOUND,
                () -> store().inTransaction(transaction -> {
                    things(transaction).insert(B, doc("n", 1));
                    return things(transaction).patch(key("absent"), Patch.increment(N, 1), ALWAYS);
                }));
        assertThat(things().find(B)).isEmpty();
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void itSeesItsOwnWritesAndOthersDoNot() {
        Corpus.of(things(), List.of(doc("n", 1), doc("n", 2), doc("n", 3)));
        StoreCollection outside = thingsOf(openClient("outside"));
        @Nullable
        Object nothing = store().inTransaction(transaction -> {
            StoreCollection inside = things(transaction);
            inside.insert(A, doc("n", 10));
            inside.patch(key(0), Patch.increment(N, 4), ALWAYS);
            inside.delete(key(1), ALWAYS);
            Filter some = Filter.compare(N, Filter.Operator.GT, 2);
            assertThat(inside.find(A).orElseThrow().document()).isEqualTo(doc("n", 10));
            assertThat(inside.find(key(1))).isEmpty();
            assertThat(inside.count(some)).isEqualTo(3);
            assertThat(inside.findMany(some, FindOptions.ofDefaults()))
                    .extracting(found -> found.document().get("n"))
                    .containsExactlyInAnyOrder(5, 3, 10);
            assertThat(inside.aggregate(Filter.all(), Aggregation.of(Measure.sum(N)))
                            .get(0)
                            .values())
                    .containsExactly(18L);
            assertThat(outside.find(A)).isEmpty();
            assertThat(outside.count(some)).isEqualTo(1);
            assertThat(number(outside, key(0))).isEqualTo(1);
            assertThat(outside.find(key(1))).isPresent();
            return null;
        });
        assertThat(nothing).isNull();
        assertThat(outside.count(Filter.all())).isEqualTo(3);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void bulkWritesAndDeletesArePartOfIt() {
        Corpus.of(things(), List.of(doc("n", 1), doc("n", 2), doc("n", 3)));
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            writes.add(new Write.Upsert(key(i), doc("n", i), Set.of()));
        }
        writes.add(new Write.Insert(key(7), doc("n", 0)));
        long deleted = store().inTransaction(transaction -> {
            StoreCollection inside = things(transaction);
            List<BulkResult> results = inside.writeAll(writes);
            assertThat(results.subList(0, 200)).allMatch(result -> result instanceof BulkResult.Applied);
            assertThat(codeOf(results.get(200)::get)).isEqualTo(ErrorCode.ALREADY_EXISTS);
            return inside.deleteMany(Filter.compare(N, Filter.Operator.GTE, 50));
        });
        assertThat(deleted).isEqualTo(150);
        assertThat(things().count(Filter.all())).isEqualTo(50);
        assertThat(number(things(), key(2))).isEqualTo(2);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void whatItSeesStaysAsItWasAtItsFirstOperation() {
        Corpus.of(things(), List.of(doc("n", 1), doc("n", 1)));
        StoreCollection outside = thingsOf(openClient("outside"));
        CountDownLatch begun = new CountDownLatch(1);
        List<Callable<Boolean>> threads = new ArrayList<>();
        threads.add(() -> {
            assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            outside.patch(key(1), Patch.set(N, 2), ALWAYS); // may have to wait for the transaction
            outside.insert(key(2), doc("n", 2));
            return true;
        });
        threads.add(() -> {
            store().inTransaction(transaction -> {
                StoreCollection inside = things(transaction);
                assertThat(number(inside, key(0))).isEqualTo(1);
                begun.countDown();
                Await.pause(Duration.ofMillis(60)); // a chance for the other to be first
                assertThat(number(inside, key(1))).isEqualTo(1);
                assertThat(inside.count(Filter.all())).isEqualTo(2);
                assertThat(inside.find(key(2))).isEmpty();
                return true;
            });
            return true;
        });
        together(threads);
        assertThat(number(things(), key(1))).isEqualTo(2);
        assertThat(things().find(key(2))).isPresent();
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void whatLosesAgainstAnotherIsDoneAgain() {
        Corpus.of(things(), List.of(doc("n", 0), doc("n", 0)));
        Store second = openClient("second").store("contract");
        int times = 8;
        List<Callable<Boolean>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Store on = t % 2 == 0 ? store() : second;
            threads.add(() -> {
                for (int i = 0; i < times; i++) {
                    on.inTransaction(transaction -> {
                        StoreCollection inside = things(transaction);
                        int seen = number(inside, key(0));
                        inside.update(key(0), doc("n", seen + 1), Set.of(), ALWAYS);
                        return inside.patch(key(1), Patch.increment(N, 1), ALWAYS);
                    });
                }
                return true;
            });
        }
        together(threads);
        assertThat(number(things(), key(0))).isEqualTo(4 * times);
        assertThat(number(things(), key(1))).isEqualTo(4 * times);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void anAmountMovesAndTheSumStays() {
        int accounts = 5;
        for (int i = 0; i < accounts; i++) {
            things().insert(key(i), doc("n", 100));
        }
        StoreCollection reader = thingsOf(openClient("reader"));
        List<Callable<Boolean>> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int from = t;
            threads.add(() -> {
                for (int i = 0; i < 10; i++) {
                    Key one = key((from + i) % accounts);
                    Key other = key((from + 2 * i + 1) % accounts);
                    store().inTransaction(transaction -> {
                        things(transaction).patch(one, Patch.increment(N, -7), ALWAYS);
                        return things(transaction).patch(other, Patch.increment(N, 7), ALWAYS);
                    });
                }
                return true;
            });
        }
        threads.add(() -> {
            for (int i = 0; i < 20; i++) {
                assertThat(reader.aggregate(Filter.all(), Aggregation.of(Measure.sum(N)))
                                .get(0)
                                .values())
                        .containsExactly(500L);
            }
            return true;
        });
        together(threads);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void theFeedShowsNothingBeforeTheEndAndAllAfterIt() {
        Heard heard = new Heard();
        List<Written> writes = new ArrayList<>();
        try (Watch watch = things().watch(WatchOptions.ofDefaults(), heard)) {
            assertThat(codeOf(() -> store().inTransaction(transaction -> {
                        things(transaction).insert(key("undone"), doc("n", 1));
                        throw CoreException.invalidArgument("undo it");
                    })))
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
            store().inTransaction(transaction -> {
                List<Written> written = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    written.add(things(transaction).insert(key(i), doc("n", i)));
                }
                written.add(things(transaction).patch(key(0), Patch.increment(N, 1), ALWAYS));
                written.add(things(transaction).delete(key(1), ALWAYS).orElseThrow());
                Await.pause(Duration.ofMillis(60)); // a chance for what is wrong to show
                assertThat(heard.changes).isEmpty();
                assertThat(written).noneMatch(one -> watch.covers(one.position()));
                writes.clear(); // of a run before
                writes.addAll(written);
                return true;
            });
            heard.awaitChanges(32);
            writes.forEach(one -> awaitThat("the watch covers " + one, () -> watch.covers(one.position())));
        }
        Written deletion = writes.remove(31);
        assertThat(heard.changes)
                .filteredOn(change -> change.operation() != Change.Operation.DELETE)
                .extracting(change -> change.version())
                .containsExactlyInAnyOrderElementsOf(
                        writes.stream().map(Written::version).toList());
        assertThat(heard.changes)
                .filteredOn(change -> change.operation() == Change.Operation.DELETE)
                .singleElement()
                .satisfies(change -> assertThat(change.version()).isGreaterThanOrEqualTo(deletion.version()));
        assertThat(heard.told()).contains("INSERT 0", "UPDATE 0", "DELETE 1").doesNotContain("INSERT undone");
    }

    /** What it writes to has not been there when it began. */
    @Test
    @Need.Of(Need.TRANSACTIONS)
    void aPositionOfTheFirstWriteOfAllIsHeardOfAndResumed() {
        try (Watch watch = things().watch(WatchOptions.ofDefaults().withFrom(things().position()), change -> {})) {
            Written first =
                    store().inTransaction(transaction -> things(transaction).insert(A, doc("n", 1)));
            awaitThat("the watch covers " + first, () -> watch.covers(first.position()));
            Heard heard = new Heard();
            try (Watch behind = things().watch(WatchOptions.ofDefaults().withFrom(first.position()), heard)) {
                Written second = things().insert(B, doc("n", 2));
                awaitThat("the second watch covers " + second, () -> behind.covers(second.position()));
            }
            assertThat(heard.changes)
                    .filteredOn(change -> !tellsTransactionsAgain() || change.version() > first.version())
                    .extracting(Change::key)
                    .containsExactly(B);
            assertThat(heard.changes).extracting(Change::key).doesNotHaveDuplicates();
        }
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void aWriteThatIsRefusedLeavesItUsable() {
        things().insert(A, Document.of("n", 1, "text", "x"));
        store().inTransaction(transaction -> {
            StoreCollection inside = things(transaction);
            inside.insert(B, doc("n", 2));
            assertFails(ErrorCode.ALREADY_EXISTS, () -> inside.insert(A, doc("n", 9)));
            assertFails(ErrorCode.ALREADY_EXISTS, () -> inside.insert(B, doc("n", 9)));
            assertFails(ErrorCode.NOT_FOUND, () -> inside.replace(key("absent"), doc("n", 9), ALWAYS));
            assertFails(ErrorCode.CONFLICT, () -> inside.replace(A, doc("n", 9), Condition.ifVersion(0)));
            assertFails(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> inside.patch(A, Patch.increment(FieldPath.of("text"), 1), ALWAYS));
            assertThat(inside.delete(key("absent"), ALWAYS)).isEmpty();
            return inside.patch(A, Patch.increment(N, 1), ALWAYS);
        });
        assertThat(number(things(), A)).isEqualTo(2);
        assertThat(number(things(), B)).isEqualTo(2);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void aWriteThatAUniqueIndexForbidsLeavesItUsable() {
        things().ensureIndex(Index.on(N).asUnique());
        things().insert(A, doc("n", 1));
        store().inTransaction(transaction -> {
            StoreCollection inside = things(transaction);
            inside.insert(B, doc("n", 2));
            assertFails(ErrorCode.ALREADY_EXISTS, () -> inside.insert(key("c"), doc("n", 1)));
            assertFails(ErrorCode.ALREADY_EXISTS, () -> inside.insert(key("c"), doc("n", 2)));
            return inside.insert(key("c"), doc("n", 3));
        });
        assertThat(things().count(Filter.all())).isEqualTo(3);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void whatHasEndedOrHasNoPlaceInItIsRefused() {
        things().insert(A, doc("n", 1));
        List<StoreCollection> kept = new ArrayList<>();
        store().inTransaction(transaction -> {
            StoreCollection inside = things(transaction);
            kept.add(inside);
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> inside.snapshot(Filter.all()),
                    () -> inside.watch(WatchOptions.ofDefaults(), change -> {}),
                    inside::position,
                    () -> inside.ensureIndex(Index.on(N)))) {
                assertFails(ErrorCode.FAILED_PRECONDITION, call);
            }
            return inside.patch(A, Patch.increment(N, 1), ALWAYS);
        });
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> kept.get(0).find(A),
                () -> kept.get(0).count(Filter.all()),
                () -> kept.get(0).findMany(Filter.all(), FindOptions.ofDefaults()),
                () -> kept.get(0).deleteMany(Filter.all()),
                () -> kept.get(0).writeAll(List.of(new Write.Delete(A, ALWAYS))),
                () -> kept.get(0).insert(B, doc("n", 1)))) {
            assertFails(ErrorCode.FAILED_PRECONDITION, call);
        }
        assertThat(number(things(), A)).isEqualTo(2);
        assertThat(things().find(B)).isEmpty();
    }
}
