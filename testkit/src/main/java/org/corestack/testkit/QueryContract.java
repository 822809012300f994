package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.ValueType;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What filters match and how lists are sorted: the same with an index and without one. */
abstract class QueryContract extends BulkContract {
    private static final FieldPath V = FieldPath.of("v");
    private static final FieldPath NESTED = FieldPath.of("in.side.v");

    List<Object> keys(Filter filter) {
        return keys(filter, FindOptions.ofDefaults());
    }

    List<Object> keys(Filter filter, FindOptions options) {
        return things().findMany(filter, options).stream()
                .map(found -> found.key().value())
                .toList();
    }

    private static Filter compare(Operator operator, @Nullable Object value) {
        return Filter.compare(V, operator, value);
    }

    private void insertAll(@Nullable Object... keysAndValues) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            things().insert(key(Objects.requireNonNull(keysAndValues[i])), doc("v", keysAndValues[i + 1]));
        }
    }

    /** Runs a check without an index, and again with one. */
    void withoutAndWithIndex(Runnable check) {
        check.run();
        things().ensureIndex(Index.on(V));
        things().ensureIndex(Index.on(NESTED));
        check.run();
    }

    @Test
    void everyComparisonOfEveryScalarMatchesWhatItMeans() {
        List<StoredDocument> stored = new ArrayList<>();
        List<@Nullable Object> values = Samples.all();
        for (int i = 0; i < values.size(); i++) {
            Document document = Document.of("v", values.get(i), "in", doc("side", doc("v", values.get(i))));
            things().insert(key(i), document);
            stored.add(new StoredDocument(key(i), document, 0));
        }
        things().insert(key("missing"), Document.empty());
        stored.add(new StoredDocument(key("missing"), Document.empty(), 0));
        withoutAndWithIndex(() -> {
            for (Object operand : Samples.scalars()) {
                for (Operator operator : Operator.values()) {
                    assertFindsWhatMatches(Filter.compare(V, operator, operand), stored);
                }
                assertFindsWhatMatches(Filter.compare(NESTED, Operator.EQ, operand), stored);
            }
            assertFindsWhatMatches(Filter.compare(NESTED, Operator.EQ, null), stored);
        });
    }

    private void assertFindsWhatMatches(Filter filter, List<StoredDocument> stored) {
        List<Object> expected = stored.stream()
                .filter(one -> filter.matches(one.key(), one.document()))
                .map(one -> one.key().value())
                .toList();
        assertThat(keys(filter)).as("%s", filter).isEqualTo(expected);
    }

    @Test
    void numbersCompareByValueAcrossTypes() {
        insertAll("int", 1, "long", 1L, "double", 1.0, "decimal", new BigDecimal("1.00"), "more", 1.5, "text", "1");
        withoutAndWithIndex(() -> {
            for (Object one : List.of(1, 1L, 1.0, new BigDecimal("1"))) {
                assertThat(keys(compare(Operator.EQ, one)))
                        .containsExactlyInAnyOrder("int", "long", "double", "decimal");
                assertThat(keys(compare(Operator.GT, one))).containsExactly("more");
            }
        });
    }

    @Test
    void numbersBeyondTheExactnessOfADoubleStayApart() {
        long even = 1L << 53;
        insertAll("even", even, "odd", even + 1, "double", (double) even, "decimal", BigDecimal.valueOf(even + 1));
        insertAll("top", Long.MAX_VALUE, "above", new BigDecimal("9223372036854775808"), "double above", 0x1p63);
        withoutAndWithIndex(() -> {
            assertThat(keys(compare(Operator.EQ, even))).containsExactlyInAnyOrder("even", "double");
            assertThat(keys(compare(Operator.EQ, even + 1))).containsExactlyInAnyOrder("odd", "decimal");
            assertThat(keys(compare(Operator.GT, Long.MAX_VALUE))).containsExactlyInAnyOrder("above", "double above");
        });
    }

    @Test
    void anOrderComparisonStaysWithinItsClass() {
        insertAll("number", 5, "text", "5", "truth", true, "null", null, "list", List.of(5), "document", doc("v", 5));
        withoutAndWithIndex(() -> {
            assertThat(keys(compare(Operator.GT, 0))).containsExactly("number");
            assertThat(keys(compare(Operator.LTE, "6"))).containsExactly("text");
            assertThat(keys(compare(Operator.GTE, false))).containsExactly("truth");
        });
    }

    @Test
    void stringsCompareByCodePoint() {
        insertAll("upper", "Z", "lower", "a", "umlaut", "ä", "private", "\ue000", "emoji", "\ud83d\ude00");
        withoutAndWithIndex(() -> {
            assertThat(keys(compare(Operator.GT, "\ue000"))).containsExactly("emoji");
            assertThat(keys(compare(Operator.LT, "a"))).containsExactly("upper");
            assertThat(keys(Filter.all(), FindOptions.sortBy(Sort.ascending(V))))
                    .containsExactly("upper", "lower", "umlaut", "private", "emoji");
        });
    }

    @Test
    void aScalarDoesNotMatchAnElementOfAList() {
        insertAll("list", List.of(1, 2), "one", List.of(1), "scalar", 1);
        withoutAndWithIndex(() -> {
            assertThat(keys(compare(Operator.EQ, 1))).containsExactly("scalar");
            assertThat(keys(compare(Operator.LT, 3))).containsExactly("scalar");
        });
    }

    @Test
    void aPathDoesNotGoThroughLists() {
        things().insert(key("list"), doc("in", List.of(doc("side", doc("v", 1)))));
        things().insert(key("documents"), doc("in", doc("side", doc("v", 1))));
        withoutAndWithIndex(
                () -> assertThat(keys(Filter.compare(NESTED, Operator.EQ, 1))).containsExactly("documents"));
    }

    @Test
    void equalToNullMatchesAMissingField() {
        insertAll("null", null, "zero", 0, "empty", "");
        things().insert(key("missing"), Document.empty());
        withoutAndWithIndex(() -> {
            assertThat(keys(compare(Operator.EQ, null))).containsExactlyInAnyOrder("null", "missing");
            assertThat(keys(Filter.compare(NESTED, Operator.EQ, null))).hasSize(4);
        });
    }

    @Test
    void filtersAreJoinedByAnd() {
        insertAll("one", 1, "two", 2, "three", 3);
        Filter between = compare(Operator.GT, 1).and(compare(Operator.LT, 3));
        withoutAndWithIndex(() -> {
            assertThat(keys(between)).containsExactly("two");
            assertThat(keys(between.and(compare(Operator.EQ, 1)))).isEmpty();
            assertThat(keys(Filter.all().and(Filter.all()))).hasSize(3);
        });
    }

    @Test
    void aFieldNamedLikeAnOperatorIsAField() {
        for (String name : List.of("select", "from", "order", "doc", "key", "version", "type", "_id", "E", "rowid")) {
            things().insert(key(name), doc(name, 7));
            assertThat(keys(Filter.compare(FieldPath.of(name), Operator.EQ, 7)))
                    .as(name)
                    .containsExactly(name);
        }
    }

    @Test
    void listsAreSortedWithinEachClassOfType() {
        List<@Nullable Object> values = Samples.all();
        for (int i = 0; i < values.size(); i++) {
            things().insert(key(i), doc("v", values.get(i)));
        }
        things().insert(key("missing"), Document.empty());
        withoutAndWithIndex(() -> {
            for (Sort sort : List.of(Sort.ascending(V), Sort.descending(V))) {
                List<StoredDocument> found = things().findMany(Filter.all(), FindOptions.sortBy(sort));
                assertThat(found).hasSize(values.size() + 1);
                assertSortedWithinClasses(found, sort);
            }
        });
    }

    private static void assertSortedWithinClasses(List<StoredDocument> found, Sort sort) {
        List<String> order = found.stream().map(QueryContract::classOf).toList();
        assertThat(order.subList(order.indexOf("NULL"), order.lastIndexOf("NULL") + 1))
                .as("missing fields and nulls come together")
                .containsOnly("NULL");
        Comparator<StoredDocument> comparator = sort.comparator();
        found.stream().collect(Collectors.groupingBy(QueryContract::classOf)).forEach((name, part) -> {
            if (!name.equals("LIST") && !name.equals("DOCUMENT")) {
                assertThat(part).as("%s by %s", name, sort).isSortedAccordingTo(comparator);
            }
        });
    }

    private static String classOf(StoredDocument stored) {
        ValueType type = ValueType.of(stored.document().get("v"));
        return type.isNumber() ? "number" : type.name();
    }

    @Test
    void equalValuesAreInTheOrderOfTheKeys() {
        insertAll("b", 1, "d", 0, "a", 1.0, "c", new BigDecimal("1.0"));
        withoutAndWithIndex(() -> {
            assertThat(keys(Filter.all(), FindOptions.sortBy(Sort.ascending(V))))
                    .containsExactly("d", "a", "b", "c");
            assertThat(keys(Filter.all(), FindOptions.sortBy(Sort.descending(V))))
                    .containsExactly("a", "b", "c", "d");
        });
    }

    @Test
    void severalFieldsSortOneAfterTheOther() {
        for (int i = 0; i < 12; i++) {
            things().insert(key(i), Document.of("v", i % 2, "w", i % 3));
        }
        Sort sort = Sort.descending(V).then(Sort.ascending(FieldPath.of("w")));
        withoutAndWithIndex(() -> assertThat(keys(Filter.all(), FindOptions.sortBy(sort)))
                .containsExactly(3L, 9L, 1L, 7L, 5L, 11L, 0L, 6L, 4L, 10L, 2L, 8L));
    }

    /** In which order is the engine's own. */
    @Test
    void listsAtSeveralSortedPathsAreNotLost() {
        FieldPath other = FieldPath.of("w");
        Corpus.of(
                things(),
                List.of(
                        Document.of("v", List.of(1, 2), "w", List.of(3, 4)),
                        Document.of("v", List.of(0), "w", List.of(9, 8)),
                        Document.of("v", 1, "w", 2)));
        for (Sort sort : List.of(
                Sort.ascending(V).then(Sort.descending(other)),
                Sort.descending(V).then(Sort.descending(other)))) {
            assertThat(keys(Filter.all(), FindOptions.sortBy(sort))).containsExactlyInAnyOrder(0L, 1L, 2L);
            assertThat(keys(Filter.all(), FindOptions.sortBy(sort).limit(2))).hasSize(2);
        }
    }

    @Test
    void aLimitCutsTheSortedList() {
        for (int i = 0; i < 300; i++) {
            things().insert(key(i), doc("v", -i));
        }
        FindOptions sorted = FindOptions.sortBy(Sort.ascending(V));
        withoutAndWithIndex(() -> {
            assertThat(keys(Filter.all(), sorted.limit(3))).containsExactly(299L, 298L, 297L);
            assertThat(keys(compare(Operator.GT, -10), sorted.limit(1))).containsExactly(9L);
            assertThat(keys(compare(Operator.GT, -10), sorted.limit(1_000))).hasSize(10);
            assertThat(keys(Filter.all(), FindOptions.ofDefaults().limit(260))).hasSize(260);
        });
    }

    @Test
    void aCollectionThatDoesNotExistIsAnEmptyOne() {
        assertThat(keys(Filter.all())).isEmpty();
        assertThat(keys(compare(Operator.EQ, 1), FindOptions.sortBy(Sort.ascending(V))))
                .isEmpty();
        assertThat(things().find(key(1))).isEmpty();
        assertThat(store().collections()).isEmpty();
    }

    @Test
    void anIndexFollowsEveryKindOfWrite() {
        things().ensureIndex(Index.on(V));
        insertAll("a", 1, "b", 1, "c", 1, "d", 1);
        things().replace(key("a"), doc("v", 2), ALWAYS);
        things().patch(key("b"), Patch.unset(V), ALWAYS);
        things().upsert(key("c"), doc("v", "text"), Set.of());
        things().delete(key("d"), ALWAYS);
        assertThat(keys(compare(Operator.EQ, 1))).isEmpty();
        assertThat(keys(compare(Operator.EQ, 2))).containsExactly("a");
        assertThat(keys(compare(Operator.EQ, null))).containsExactly("b");
        assertThat(keys(compare(Operator.EQ, "text"))).containsExactly("c");
    }

    @Test
    void ensureIndexIsIdempotentAndNamesAClash() {
        Index index = Index.on(V).named("by-value");
        together(4, () -> {
            things().ensureIndex(index);
            return true;
        });
        things().ensureIndex(index);
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> things().ensureIndex(Index.on(NESTED).named("by-value")));
        things().ensureIndex(Index.on(V).named("by-value-too"));
        store().collection("others").ensureIndex(Index.on(NESTED).named("by-value"));
        insertAll("a", 1);
        assertThat(keys(compare(Operator.EQ, 1))).containsExactly("a");
    }

    @Test
    void anIndexKeepsValuesThatAreLong() {
        things().ensureIndex(Index.on(V));
        String longText = "ä".repeat(100_000);
        insertAll("a", longText + "a", "b", longText + "b");
        assertThat(keys(compare(Operator.EQ, longText + "a"))).containsExactly("a");
        assertThat(keys(compare(Operator.GT, longText + "a"))).containsExactly("b");
        assertThat(keys(Filter.all(), FindOptions.sortBy(Sort.descending(V)))).containsExactly("b", "a");
    }
}
