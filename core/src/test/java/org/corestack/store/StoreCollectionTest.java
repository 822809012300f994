package org.corestack.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreCollectionTest {
    private static final FieldPath N = FieldPath.of("n");
    private static final Condition ALWAYS = Condition.none();

    private final StoreClient client = StoreClient.open("memory:");
    private final StoreCollection things = client.store("shop").collection("things");

    @AfterEach
    void close() {
        client.close();
    }

    private static Filter n(Operator operator, int value) {
        return Filter.compare(N, operator, value);
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
            }
        });
    }

    private void insertTen() {
        for (int i = 0; i < 10; i++) {
            things.insert(Key.of(i), Document.of("n", i, "g", i % 3));
        }
    }

    @Test
    void severalWritesHaveAResultEach() {
        Key k = Key.of("k");
        List<BulkResult> results = things.writeAll(List.of(
                new Write.Insert(k, Document.of("n", 1)),
                new Write.Insert(k, Document.of("n", 2)),
                new Write.Apply(k, Patch.increment(N, 1), Condition.matching(n(Operator.EQ, 1)), false),
                new Write.Apply(k, Patch.increment(N, 1), Condition.matching(n(Operator.EQ, 1)), false),
                new Write.Apply(k, Patch.append(N, 1), ALWAYS, false),
                new Write.Delete(Key.of("gone"), ALWAYS),
                new Write.Upsert(Key.of("new"), Document.of("n", 5), Set.of())));
        assertThat(results)
                .extracting(result -> result instanceof BulkResult.Failed failed
                        ? failed.error().code()
                        : result.key())
                .containsExactly(
                        k,
                        ErrorCode.ALREADY_EXISTS,
                        k,
                        ErrorCode.CONFLICT,
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.NOT_FOUND,
                        Key.of("new"));
        assertThat(results.get(2).get().version())
                .isGreaterThan(results.get(0).get().version());
        assertFails(ErrorCode.ALREADY_EXISTS, results.get(1)::get, "the document k of shop.things exists already");
        assertFails(
                ErrorCode.CONFLICT,
                results.get(3)::get,
                "the document k of shop.things is not as the write wants it: the condition of the write does not hold");
        assertThat(things.find(k).orElseThrow().document()).isEqualTo(Document.of("n", 2));
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without annotations can do
    void howManyWritesThereCanBe() {
        assertThat(things.writeAll(List.of())).isEmpty();
        Write write = new Write.Delete(Key.of(1), ALWAYS);
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> things.writeAll(Collections.nCopies(StoreCollection.MAX_WRITES + 1, write)),
                "10001 writes at once");
        assertThat(things.writeAll(Collections.nCopies(StoreCollection.MAX_WRITES, write)))
                .hasSize(StoreCollection.MAX_WRITES);
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things.writeAll(null), "writes is null");
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things.writeAll(Arrays.asList(write, null)), "writes[1] is null");
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> things.ensureIndexes(Arrays.asList((Index) null)),
                "indexes[0] is null");
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things.statements(null), "indexes is null");
    }

    @Test
    void aPatchGivesTheDocumentAfterIt() {
        Key k = Key.of("k");
        long version = things.insert(k, Document.of("n", 1)).version();
        StoredDocument after = things.patchAndGet(k, Patch.increment(N, 2), Condition.ifVersion(version));
        assertThat(after.document()).isEqualTo(Document.of("n", 3));
        assertThat(after).isEqualTo(things.find(k).orElseThrow());
        assertFails(
                ErrorCode.CONFLICT, () -> things.patchAndGet(k, Patch.increment(N, 2), Condition.ifVersion(version)));
        assertFails(ErrorCode.NOT_FOUND, () -> things.patchAndGet(Key.of("x"), Patch.increment(N, 2), ALWAYS));
    }

    @Test
    void manyAreCountedAddedUpAndDeleted() {
        insertTen();
        assertThat(things.count(n(Operator.LT, 4))).isEqualTo(4);
        assertThat(things.count(Filter.none())).isZero();
        assertThat(things.aggregate(
                        n(Operator.LT, 4), Aggregation.of(Measure.sum(N)).groupBy(FieldPath.of("g"))))
                .containsExactlyInAnyOrder(
                        new Aggregation.Group(List.of(0), List.of(3L)),
                        new Aggregation.Group(List.of(1), List.of(1L)),
                        new Aggregation.Group(List.of(2), List.of(2L)));
        assertThat(things.deleteMany(n(Operator.GTE, 4))).isEqualTo(6);
        assertThat(things.count(Filter.all())).isEqualTo(4);
        Filter element = Filter.compare(FieldPath.element(), Operator.EQ, 1);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> things.deleteMany(element),
                () -> things.count(element),
                () -> things.findMany(element, FindOptions.ofDefaults()),
                () -> things.snapshot(element),
                () -> things.watch(WatchOptions.ofDefaults().withFilter(element), change -> {}))) {
            assertFails(ErrorCode.INVALID_ARGUMENT, call, "outside of a filter on one");
        }
    }

    @Test
    void listsAreGivenFromSomewhereToSomewhere() {
        insertTen();
        FindOptions options =
                FindOptions.sortBy(Sort.descending(N)).skip(2).limit(3).only(List.of(N));
        List<Document> found = new ArrayList<>();
        things.findMany(Filter.all(), options).forEach(stored -> found.add(stored.document()));
        assertThat(found).containsExactly(Document.of("n", 7), Document.of("n", 6), Document.of("n", 5));
        assertThat(things.findMany(Filter.all(), options.skip(10))).isEmpty();
    }

    @Test
    void statementsAskNoDatabase() {
        Index index = Index.on(N).asUnique().expiring(Duration.ofDays(1));
        List<String> before = client.unwrap(MemoryEngine.class).calls();
        assertThat(things.statements(List.of(index))).containsExactly("index by-n on n unique expiring PT24H");
        assertThat(client.unwrap(MemoryEngine.class).calls()).isEqualTo(before);
    }
}
