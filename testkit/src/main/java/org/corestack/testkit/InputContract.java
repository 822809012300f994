package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.ClientOptions;
import org.corestack.store.CollectionSnapshot;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is wrong is refused with a code and does nothing: missing, huge, of the wrong type, twice, while closing. */
abstract class InputContract extends ClientContract {
    private static final Key K = Key.of("k");
    private static final Patch PATCH = Patch.increment(FieldPath.of("a"), 1);

    /** A null, as a caller passes it whose code is not checked for that. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T missing() {
        @Nullable T nothing = null;
        return nothing;
    }

    private static <T> List<T> withMissing(T element) {
        List<T> list = new ArrayList<>();
        list.add(element);
        list.add(missing());
        return list;
    }

    private Map<String, ThrowingCallable> writesThatLackAPart() {
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("insert's key", () -> things().writeAll(List.of(new Write.Insert(missing(), doc("a", 1)))));
        calls.put("insert's document", () -> things().writeAll(List.of(new Write.Insert(key(1), missing()))));
        calls.put("replace's document", () -> things().writeAll(List.of(new Write.Replace(K, missing(), ALWAYS))));
        calls.put(
                "replace's condition", () -> things().writeAll(List.of(new Write.Replace(K, doc("a", 2), missing()))));
        calls.put("merge's fields", () -> things().writeAll(List.of(new Write.Merge(K, missing(), Set.of(), ALWAYS))));
        calls.put("upsert's names", () -> things().writeAll(List.of(new Write.Upsert(K, doc("a", 2), missing()))));
        calls.put("patch's patch", () -> things().writeAll(List.of(new Write.Apply(K, missing(), ALWAYS, false))));
        calls.put("delete's key", () -> things().writeAll(List.of(new Write.Delete(missing(), ALWAYS))));
        calls.put("delete's condition", () -> things().writeAll(List.of(new Write.Delete(K, missing()))));
        return calls;
    }

    @Test
    void whatIsMissingInWidenedOperationsIsNamed() {
        things().insert(K, doc("a", 1));
        Write write = new Write.Delete(K, ALWAYS);
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("patchAndGet key", () -> things().patchAndGet(missing(), PATCH, ALWAYS));
        calls.put("patchAndGet patch", () -> things().patchAndGet(K, missing(), ALWAYS));
        calls.put("patchAndGet condition", () -> things().patchAndGet(K, PATCH, missing()));
        calls.put("writeAll", () -> things().writeAll(missing()));
        calls.put("writeAll, a write", () -> things().writeAll(withMissing(write)));
        calls.putAll(writesThatLackAPart());
        calls.put("deleteMany filter", () -> things().deleteMany(missing()));
        calls.put("count filter", () -> things().count(missing()));
        calls.put("stream filter", () -> things().stream(missing(), FindOptions.ofDefaults()));
        calls.put("stream options", () -> things().stream(Filter.all(), missing()));
        calls.put("aggregate filter", () -> things().aggregate(missing(), Aggregation.of(Measure.count())));
        calls.put("aggregate aggregation", () -> things().aggregate(Filter.all(), missing()));
        calls.put("ensureIndexes", () -> things().ensureIndexes(missing()));
        calls.put("ensureIndexes, an index", () -> things().ensureIndexes(withMissing(Index.on(FieldPath.of("a")))));
        calls.put("statements", () -> things().statements(missing()));
        calls.put("statements, an index", () -> things().statements(withMissing(Index.on(FieldPath.of("a")))));
        calls.put("covers", () -> things().covers(missing(), missing()));
        calls.put("inTransaction work", () -> store().inTransaction(missing()));
        calls.put("inTransaction handle", () -> store().inTransaction(missing(), transaction -> true));
        calls.put("open", () -> StoreClient.open(missing()));
        calls.put("open options", () -> StoreClient.open(uri(), missing()));
        calls.put("on", () -> StoreClient.on(missing(), ClientOptions.ofDefaults()));
        calls.put("builder", () -> StoreClient.builder(missing()));
        calls.put("unwrap", () -> client().unwrap(missing()));
        calls.forEach((name, call) -> assertThat(codeOf(call)).as(name).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(doc("a", 1));
        assertThat(things().count(Filter.all())).isEqualTo(1);
    }

    @Test
    void whatIsOfTheWrongTypeOrTooMuchIsRefused() {
        things().insert(K, doc("a", 1));
        List<ThrowingCallable> calls = List.of(
                () -> doc("a", new Object()),
                () -> doc("a", Double.NaN),
                () -> doc("a", "\0"),
                () -> doc("", 1),
                () -> Key.of(1.5),
                () -> Key.of(Map.of()),
                () -> Key.of("x".repeat(Key.MAX_SIZE)),
                () -> Filter.compare(FieldPath.of("a"), Filter.Operator.EQ, List.of(1)),
                () -> Filter.compare(FieldPath.of("a"), Filter.Operator.LT, null),
                () -> Patch.max(FieldPath.of("a"), List.of()),
                () -> Patch.appendIfAbsent(FieldPath.of("a"), doc("b", 1)),
                () -> Patch.remove(FieldPath.of("a"), List.of(1)),
                () -> PATCH.and(Patch.unset(FieldPath.of("a.b"))),
                () -> things().update(K, doc("b", 1), Set.of(""), ALWAYS),
                () -> things().upsert(K, doc("b", 1), Set.of("\ud800")),
                () -> things().update(K, doc("b", 1), Set.of("a\0b"), ALWAYS),
                () -> Condition.ifVersion(-1),
                () -> Sort.ascending(FieldPath.of("a")).then(Sort.descending(FieldPath.of("a"))),
                () -> Sort.ascending(FieldPath.element()),
                () -> FindOptions.ofDefaults().only(List.of(FieldPath.key())),
                () -> new Measure(Aggregation.Kind.SUM, null),
                () -> things().writeAll(
                                Collections.nCopies(StoreCollection.MAX_WRITES + 1, new Write.Delete(K, ALWAYS))));
        for (int i = 0; i < calls.size(); i++) {
            assertThat(codeOf(calls.get(i))).as("call %s", i).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        }
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(doc("a", 1));
    }

    @Test
    void whatIsDoneTwiceOrTooLateIsHarmlessOrRefused() {
        for (int i = 0; i < 300; i++) {
            things().upsert(key(i % 250), doc("a", i), Set.of());
        }
        Stream<StoredDocument> stream = things().stream(Filter.all(), FindOptions.ofDefaults());
        Iterator<StoredDocument> each = stream.iterator();
        each.next();
        stream.close();
        stream.close();
        assertThat(codeOf(() -> {
                    while (each.hasNext()) {
                        each.next();
                    }
                }))
                .isIn(null, ErrorCode.FAILED_PRECONDITION);
        CollectionSnapshot snapshot = things().snapshot(Filter.all());
        snapshot.close();
        snapshot.close();
        client().close();
        client().close();
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> things().writeAll(List.of(new Write.Delete(K, ALWAYS))));
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> things().deleteMany(Filter.all()));
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> things().count(Filter.all()));
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> things().patchAndGet(key(1), PATCH, ALWAYS));
    }

    @Test
    void whatIsWrittenWhileTheClientClosesIsDoneOrRefused() {
        for (int round = 0; round < 3; round++) {
            StoreClient other = openClient("other-" + round);
            StoreCollection theirs = thingsOf(other);
            String prefix = "r" + round + "-";
            AtomicInteger begun = new AtomicInteger();
            List<Callable<List<Key>>> threads = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                String name = prefix + t + "-";
                threads.add(() -> writeUntilClosed(theirs, name, begun));
            }
            threads.add(() -> {
                awaitThat("some writes", () -> begun.get() > 10);
                other.close();
                return List.of();
            });
            for (List<Key> confirmed : together(threads)) {
                confirmed.forEach(key -> assertThat(things().find(key)).isPresent());
            }
        }
    }

    private static List<Key> writeUntilClosed(StoreCollection on, String prefix, AtomicInteger begun) {
        List<Key> confirmed = new ArrayList<>();
        for (int i = 0; ; i++) {
            Key key = key(prefix + i);
            begun.incrementAndGet();
            boolean bulk = i % 4 == 3;
            ErrorCode code = codeOf(() -> {
                if (bulk) {
                    on.writeAll(List.of(new Write.Insert(key, Document.empty())))
                            .forEach(BulkResult::get);
                } else {
                    on.insert(key, Document.empty());
                }
            });
            if (code != null) {
                assertThat(code).isIn(ErrorCode.FAILED_PRECONDITION, ErrorCode.CANCELED, ErrorCode.UNAVAILABLE);
                return confirmed;
            }
            confirmed.add(key);
        }
    }

    @Test
    void statementsAreGivenWithoutADatabaseAndTheSameEachTime() {
        List<Index> indexes = List.of(
                Index.on(FieldPath.of("a")),
                Index.on(FieldPath.of("a"), FieldPath.of("b.c")).asUnique(),
                Index.on(FieldPath.quoted("odd one")).asSparse(),
                Index.on(FieldPath.of("at")).expiring(Duration.ofDays(1)));
        List<String> statements = store().collection("never-made").statements(indexes);
        assertThat(statements).noneMatch(String::isBlank);
        assertThat(store().collection("never-made").statements(indexes)).isEqualTo(statements);
        assertThat(store().collections()).doesNotContain("never-made");
        store().collection("never-made").ensureIndexes(indexes);
        assertThat(store().collection("never-made").statements(indexes)).isEqualTo(statements);
    }

    @Test
    void anInterruptOrADeadlineBeforeWidenedOperationsDoesNothing() {
        things().insert(K, doc("a", 1));
        StoreCollection hasty = things().withTimeout(Duration.ofNanos(1));
        for (StoreCollection on : List.of(hasty, things())) {
            Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
            calls.put("writeAll", () -> on.writeAll(List.of(new Write.Delete(K, ALWAYS))));
            calls.put("patchAndGet", () -> on.patchAndGet(K, PATCH, ALWAYS));
            calls.put("deleteMany", () -> on.deleteMany(Filter.all()));
            calls.put("count", () -> on.count(Filter.all()));
            calls.put("aggregate", () -> on.aggregate(Filter.all(), Aggregation.of(Measure.count())));
            calls.forEach((name, call) -> {
                if (on != hasty) {
                    Thread.currentThread().interrupt();
                }
                ErrorCode code = codeOf(call);
                assertThat(Thread.interrupted()).as(name).isEqualTo(on != hasty);
                assertThat(code).as(name).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.CANCELED);
            });
        }
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(doc("a", 1));
    }
}
