package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.corestack.document.Sort.Term;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What indexes forbid, let go, and never change. */
abstract class IndexContract extends AggregateContract {
    private static final FieldPath W = FieldPath.of("w");
    private static final Index UNIQUE = Index.on(V).asUnique().named("one-v");

    private void assertForbidden(ThrowingCallable write) {
        assertFails(ErrorCode.ALREADY_EXISTS, write);
    }

    @Test
    void aUniqueIndexForbidsEqualValuesOnEveryPath() {
        things().ensureIndex(UNIQUE);
        things().insert(key("a"), doc("v", 1));
        long version = things().insert(key("b"), doc("v", 2)).version();
        Patch patch = Patch.increment(V, -1);
        assertForbidden(() -> things().insert(key("c"), doc("v", 1)));
        assertForbidden(() -> things().replace(key("b"), doc("v", 1), ALWAYS));
        assertForbidden(() -> things().update(key("b"), doc("v", 1), Set.of(), ALWAYS));
        assertForbidden(() -> things().upsert(key("b"), doc("v", 1), Set.of()));
        assertForbidden(() -> things().upsert(key("c"), doc("v", 1), Set.of()));
        assertForbidden(() -> things().patch(key("b"), patch, ALWAYS));
        assertForbidden(() -> things().patchAndGet(key("b"), patch, ALWAYS));
        assertForbidden(() -> things().writeAll(List.of(new Write.Upsert(key("c"), doc("v", 2), Set.of())))
                .get(0)
                .get());
        assertThat(catchThrowable(() -> things().insert(key("c"), doc("v", 1)))).hasMessageContaining("one-v");
        assertThat(things().find(key("b"))).contains(new StoredDocument(key("b"), doc("v", 2), version));
        assertThat(things().find(key("c"))).isEmpty();
        things().replace(key("b"), Document.of("v", 2, "w", 1), ALWAYS);
        things().patch(key("a"), Patch.set(V, 3), ALWAYS);
        things().patch(key("b"), patch, ALWAYS);
        things().delete(key("a"), ALWAYS);
        things().insert(key("c"), doc("v", 3));
    }

    private static List<Object> distinctValues() {
        return List.of(
                1,
                "1",
                true,
                Instant.ofEpochMilli(1),
                new UUID(0, 1),
                Bytes.of((byte) 1),
                1.5,
                Long.MAX_VALUE,
                0x1p63,
                (1L << 53) + 1,
                (double) (1L << 53),
                0.1,
                new BigDecimal("0.1"),
                "a",
                "A",
                "a ",
                "ä",
                "a\u0308",
                "",
                " ",
                false,
                0,
                "x".repeat(5_000) + "a",
                "x".repeat(5_000) + "b");
    }

    @Test
    void uniqueValuesAreEqualByValueAndOfOneClass() {
        things().ensureIndex(UNIQUE);
        List<Object> distinct = distinctValues();
        for (Object value : distinct) {
            things().insert(key("of " + distinct.indexOf(value)), doc("v", value));
        }
        Map<Object, List<Object>> equal = new LinkedHashMap<>();
        equal.put(1, List.of(1L, 1.0, new BigDecimal("1.00")));
        equal.put(1.5, List.of(new BigDecimal("1.5"), new BigDecimal("1.500")));
        equal.put(Long.MAX_VALUE, List.of(new BigDecimal(Long.MAX_VALUE)));
        equal.put(0x1p63, List.of(new BigDecimal("9223372036854775808")));
        equal.put(0, List.of(-0.0, 0L, new BigDecimal("0E+3")));
        equal.put("a", List.of("a"));
        equal.put("x", List.of("x".repeat(5_000) + "b"));
        equal.forEach((value, others) ->
                others.forEach(other -> assertThat(codeOf(() -> things().insert(key("another"), doc("v", other))))
                        .as("%s (%s) beside %s", other, other.getClass(), value)
                        .isEqualTo(ErrorCode.ALREADY_EXISTS)));
        assertThat(things().count(Filter.all())).isEqualTo(distinct.size());
    }

    @Test
    void documentsWithoutTheValueAreNotComparedByAUniqueIndex() {
        things().ensureIndexes(List.of(
                UNIQUE, Index.on(FieldPath.of("in.side"), W).asUnique().named("pair")));
        List<Document> documents = List.of(
                Document.empty(),
                Document.empty(),
                doc("v", null),
                doc("v", null),
                doc("in", doc("side", 1)),
                doc("in", doc("side", 1)),
                Document.of("in", doc("side", 1), "w", null),
                Document.of("in", doc("side", 1), "w", null),
                Document.of("in", 5, "w", 2),
                Document.of("in", 5, "w", 2),
                Document.of("in", doc("side", 1), "w", 2),
                Document.of("in", doc("side", 1), "w", 3),
                Document.of("in", doc("side", 2), "w", 2));
        Corpus corpus = Corpus.of(things(), documents);
        assertForbidden(() -> things().insert(key("x"), Document.of("in", doc("side", 1.0), "w", 2L)));
        assertForbidden(() -> things().patch(key(4), Patch.set(W, 3), ALWAYS));
        corpus.assertFinds(eq(V, null));
        corpus.assertFinds(eq(W, null).and(eq(FieldPath.of("in.side"), 1)));
        corpus.assertFinds(eq(FieldPath.of("in.side"), null), FindOptions.sortBy(Sort.ascending(W)));
        things().patch(key(4), Patch.set(W, 4), ALWAYS);
    }

    @Test
    void aUniqueIndexIsNotMadeOverDocumentsThatItForbids() {
        Corpus.of(things(), List.of(doc("v", 1), doc("v", 1.0), doc("v", 2), Document.empty(), Document.empty()));
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> things().ensureIndex(UNIQUE));
        things().insert(key("too"), doc("v", 2));
        things().delete(key("too"), ALWAYS);
        things().delete(key(1), ALWAYS);
        things().ensureIndex(UNIQUE);
        assertForbidden(() -> things().insert(key("too"), doc("v", 2)));
    }

    @Test
    void oneOfManyWritesOfAUniqueValueWins() {
        things().ensureIndex(UNIQUE);
        StoreCollection second = thingsOf(openClient("second"));
        for (int round = 0; round < 5; round++) {
            int value = round;
            List<Callable<ErrorCode>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Key key = key(round + " " + i);
                StoreCollection on = i % 2 == 0 ? things() : second;
                boolean upsert = i % 3 == 0;
                calls.add(() -> codeOf(() -> {
                    if (upsert) {
                        on.upsert(key, doc("v", value), Set.of());
                    } else {
                        on.insert(key, doc("v", value));
                    }
                }));
            }
            List<ErrorCode> codes = together(calls);
            assertThat(codes).filteredOn(code -> code == null).hasSize(1);
            assertThat(codes).filteredOn(code -> code != null).containsOnly(ErrorCode.ALREADY_EXISTS);
        }
    }

    @Test
    void noIndexChangesWhatIsFound() {
        List<Document> documents = new ArrayList<>();
        for (Object value : Samples.all()) {
            documents.add(Document.of("v", value, "w", documents.size() % 3));
            documents.add(doc("w", value));
        }
        Corpus corpus = Corpus.of(things(), documents);
        things().ensureIndexes(List.of(
                Index.on(V).asSparse(),
                Index.of(List.of(new Term(V, false), new Term(W, true))).asSparse(),
                Index.of(List.of(new Term(W, true)))));
        for (Filter filter : List.of(
                Filter.all(),
                eq(V, null),
                eq(V, null).and(eq(W, 1)),
                new Filter.Exists(V),
                in(V, null, 1),
                eq(V, 1),
                Filter.compare(V, Operator.GTE, "").and(Filter.compare(W, Operator.LT, 2)),
                eq(V, 1).or(eq(W, 1)))) {
            corpus.assertFinds(filter);
            corpus.assertCounts(filter);
            assertThat(things().findMany(
                                    filter,
                                    FindOptions.sortBy(Sort.descending(V).then(Sort.ascending(W)))))
                    .containsExactlyInAnyOrderElementsOf(corpus.meant(filter));
        }
    }

    @Test
    void definitionsThatClashAreRefused() {
        List<Index> there =
                List.of(Index.on(V), Index.on(W).asUnique(), Index.on(V, W).named("both"));
        things().ensureIndexes(there);
        things().ensureIndexes(there);
        there.forEach(index -> things().ensureIndex(index));
        for (Index clash : List.of(
                Index.on(W, V).named("both"),
                Index.on(V, W, FieldPath.of("x")).named("both"),
                Index.on(V, W).named("both").asUnique(),
                Index.on(V, W).asSparse(),
                Index.on(V).asUnique(),
                Index.on(V).asUnique().named("other"),
                Index.on(V).asSparse(),
                Index.on(V).expiring(Duration.ofSeconds(60)),
                Index.on(W),
                Index.on(W).named("another"),
                Index.of(List.of(new Term(V, true))).named("by-v"),
                Index.on(FieldPath.of("x")).named("BOTH"))) {
            assertThat(codeOf(() -> things().ensureIndex(clash)))
                    .as("%s", clash)
                    .isEqualTo(ErrorCode.ALREADY_EXISTS);
        }
        things().ensureIndexes(there);
        things().insert(key(1), Document.of("v", 1, "w", 1));
        assertThat(keys(eq(V, 1).and(eq(W, 1)))).containsExactly(1L);
    }

    @Test
    void manyMakeTheSameIndexesAtOnce() {
        Corpus corpus = Corpus.of(
                things(),
                IntStream.range(0, 300)
                        .mapToObj(i -> Document.of("v", i, "w", i % 5))
                        .toList());
        List<Index> indexes =
                List.of(UNIQUE, Index.on(W, V), Index.on(W).asSparse().named("sparse"));
        StoreCollection second = thingsOf(openClient("second"));
        List<Callable<ErrorCode>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            StoreCollection on = i % 2 == 0 ? things() : second;
            calls.add(() -> codeOf(() -> on.ensureIndexes(indexes)));
        }
        assertThat(together(calls)).containsOnlyNulls();
        assertForbidden(() -> second.insert(key("x"), doc("v", 1)));
        corpus.assertFinds(eq(W, 2).and(Filter.compare(V, Operator.LT, 100)));
    }

    @Test
    void longAndOddPathsAreIndexed() {
        List<FieldPath> paths = new ArrayList<>();
        String name = "a_rather_long_name_of_a_field_that_goes_on";
        paths.add(FieldPath.of(name + "." + name + "." + name));
        paths.add(FieldPath.of(name + "." + name + "." + name + "s"));
        paths.add(FieldPath.quoted("ä b; --"));
        paths.add(FieldPath.quoted("ä b: --"));
        Index wide = Index.on(IntStream.range(0, Index.MAX_TERMS)
                .mapToObj(i -> FieldPath.of("field" + i))
                .toArray(FieldPath[]::new));
        for (int times = 0; times < 2; times++) {
            things().ensureIndex(wide);
            for (FieldPath path : paths) {
                things().ensureIndex(Index.on(path));
                Patch patch = Patch.set(path, paths.indexOf(path));
                things().upsert(key(path.toString()), Document.empty(), Set.of());
                things().patch(key(path.toString()), patch, ALWAYS);
                assertThat(keys(eq(path, paths.indexOf(path)))).containsExactly(path.toString());
            }
        }
    }

    @Test
    void documentsExpireAndTheFeedShowsIt() {
        Instant past = Instant.parse("2001-01-01T00:00:00Z");
        Instant future = Instant.parse("2999-01-01T00:00:00Z");
        List<@Nullable Object> stay =
                Arrays.asList(future, null, past.toEpochMilli(), "2001-01-01T00:00:00Z", doc("at", past), 5);
        Index expiring = Index.on(FieldPath.of("at")).expiring(Duration.ofSeconds(1));
        things().ensureIndex(expiring);
        things().ensureIndex(expiring);
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> things().ensureIndex(Index.on(FieldPath.of("at")).expiring(Duration.ofSeconds(2))));
        Heard heard = new Heard();
        long version;
        try (Watch watch = things().watch(WatchOptions.ofDefaults().withKeysOnly(), heard)) {
            for (int i = 0; i < stay.size(); i++) {
                things().insert(key(i), doc("at", stay.get(i)));
            }
            version = things().insert(key("gone"), doc("at", past)).version();
            things().insert(key("soon"), doc("at", future));
            things().patch(key("soon"), Patch.set(FieldPath.of("at"), past), ALWAYS);
            Await.until(
                    "two deletes",
                    expiryPatience(),
                    () -> heard.told().containsAll(List.of("DELETE gone", "DELETE soon")));
            Written last = things().insert(key("last"), Document.empty());
            awaitThat("the end", () -> watch.covers(last.position()));
        }
        assertThat(things().find(key("gone"))).isEmpty();
        assertThat(keys(Filter.all())).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, "last");
        assertThat(heard.told()).filteredOn(told -> told.startsWith("DELETE")).hasSize(2);
        assertThat(things().insert(key("gone"), Document.empty()).version()).isGreaterThan(version);
    }

    @Test
    void indexesAreListedAsTheyWereMade() {
        assertThat(things().indexes()).isEmpty();
        List<Index> made = List.of(
                UNIQUE.named("a-unique"),
                Index.of(List.of(new Term(FieldPath.of("a.b.c"), true), new Term(V, false))),
                Index.of(List.of(new Term(FieldPath.of("a"), false), new Term(V, true)))
                        .named("Two_ways"),
                Index.on(FieldPath.of("s")).asSparse(),
                Index.on(FieldPath.of("s"), W).asSparse().asUnique().named("both"),
                Index.on(FieldPath.of("at")).expiring(Duration.ofDays(3)),
                Index.on(FieldPath.of("soon"))
                        .expiring(Duration.ofSeconds(1))
                        .asSparse()
                        .named("z"),
                Index.on(new FieldPath(List.of("é, ü", "x:y", "_id"))),
                Index.on(FieldPath.of("_id")),
                Index.on(FieldPath.of("x".repeat(80))));
        things().ensureIndexes(made);
        assertThat(things().indexes()).containsExactlyInAnyOrderElementsOf(made);
        StoreCollection other = store().collection("copy");
        other.ensureIndexes(things().indexes());
        assertThat(other.indexes()).isEqualTo(things().indexes());
        things().ensureIndexes(things().indexes());
        things().insert(key("a"), doc("v", 1));
        assertThat(things().indexes()).hasSize(made.size());
        assertThat(store().collection("none").indexes()).isEmpty();
        assertThat(store().collections()).doesNotContain("none");
    }

    @Test
    void expiriesThatNoEngineKeepsAreRefused() {
        Index at = Index.on(FieldPath.of("at"));
        for (Duration age : List.of(
                Duration.ZERO,
                Duration.ofMillis(999),
                Duration.ofMillis(1_500),
                Duration.ofDays(30_000),
                Duration.ofSeconds(-1))) {
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> at.expiring(age));
        }
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Index.on(V, W).expiring(Duration.ofSeconds(1)));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Index.on(FieldPath.key("a")));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Index.on(FieldPath.key()));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Index.on(V, V));
        assertFails(ErrorCode.INVALID_ARGUMENT, Index::on);
    }
}
