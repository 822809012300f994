package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.document.Refusals.assertInvalid;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.corestack.document.Filter.Any;
import org.corestack.document.Filter.Exists;
import org.corestack.document.Filter.In;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Filter.Prefix;
import org.junit.jupiter.api.Test;

/** The kinds of filters besides comparisons. */
class FilterKindsTest {
    private static final FieldPath V = FieldPath.of("v");
    private static final FieldPath IT = FieldPath.element();
    private static final Key K = Key.of("k");

    private static Filter eq(FieldPath path, Object value) {
        return Filter.compare(path, Operator.EQ, value);
    }

    private static boolean of(Filter filter, Object value) {
        return filter.matches(K, Document.of("v", value));
    }

    private static boolean ofMissing(Filter filter) {
        return filter.matches(K, Document.empty());
    }

    @Test
    void notMeansAllTheRest() {
        Filter ne = eq(V, 1).not();
        assertThat(of(ne, 1L)).isFalse();
        assertThat(of(ne, 2)).isTrue();
        assertThat(of(ne, "1")).isTrue();
        assertThat(of(ne, List.of(1))).isTrue();
        assertThat(of(ne, null)).isTrue();
        assertThat(ofMissing(ne)).isTrue();
        assertThat(ne.not()).isEqualTo(eq(V, 1));
        Filter there = eq(V, null).not();
        assertThat(of(there, 0)).isTrue();
        assertThat(of(there, List.of())).isTrue();
        assertThat(of(there, null)).isFalse();
        assertThat(ofMissing(there)).isFalse();
        Filter notLess = Filter.compare(V, Operator.LT, 5).not();
        assertThat(of(notLess, "text")).as("what can't be compared").isTrue();
    }

    @Test
    void orMeansOneOfThem() {
        Filter either = eq(V, 1).or(eq(V, 2)).or(eq(V, 3));
        assertThat(((Filter.Or) either).parts()).hasSize(3);
        assertThat(of(either, 3)).isTrue();
        assertThat(of(either, 4)).isFalse();
        assertThat(of(Filter.none(), 1)).isFalse();
        assertThat(Filter.none().or(either)).isEqualTo(either);
        assertThat(either.or(Filter.none())).isEqualTo(either);
        assertThat(of(Filter.none().not(), 1)).isTrue();
        assertThat(of(Filter.none().and(Filter.all()), 1)).isFalse();
        assertThat(of(Filter.none().or(Filter.all()), 1)).isTrue();
    }

    @Test
    void inMeansEqualToOne() {
        In in = new In(V, Arrays.asList(1, "a", Instant.parse("2026-01-01T00:00:00.0009Z")));
        assertThat(of(in, 1.0)).isTrue();
        assertThat(of(in, "a")).isTrue();
        assertThat(of(in, Instant.parse("2026-01-01T00:00:00Z"))).isTrue();
        assertThat(of(in, "1")).isFalse();
        assertThat(of(in, List.of("a"))).isFalse();
        assertThat(ofMissing(in)).isFalse();
        In orMissing = new In(V, Arrays.asList(1, null));
        assertThat(ofMissing(orMissing)).isTrue();
        assertThat(of(orMissing, null)).isTrue();
        assertThat(of(new In(V, List.of()), 1)).isFalse();
        assertThat(ofMissing(new In(V, List.of()))).isFalse();
        assertInvalid(() -> new In(V, List.of(List.of())), "compares with a LIST");
        assertInvalid(() -> new In(V, Collections.nCopies(Filter.MAX_VALUES + 1, 1)), "10001 values");
        assertThat(of(new In(V, Collections.nCopies(Filter.MAX_VALUES, 1)), 1)).isTrue();
    }

    @Test
    void existsTellsNullFromMissing() {
        Filter exists = new Exists(FieldPath.of("v.w"));
        assertThat(of(exists, Document.of("w", null))).isTrue();
        assertThat(of(exists, Document.of("w", List.of()))).isTrue();
        assertThat(of(exists, Document.empty())).isFalse();
        assertThat(of(exists, List.of(Document.of("w", 1)))).isFalse();
        assertThat(of(exists, "w")).isFalse();
        assertThat(ofMissing(exists)).isFalse();
        assertThat(ofMissing(new Exists(FieldPath.key()))).isTrue();
        assertThat(new Exists(FieldPath.key("a")).matches(Key.of(Document.of("a", 1)), Document.empty()))
                .isTrue();
        assertThat(ofMissing(new Exists(FieldPath.key("a")))).isFalse();
    }

    @Test
    void prefixesAreOfTexts() {
        Filter prefix = new Prefix(V, "a\ud83d\ude00");
        assertThat(of(prefix, "a\ud83d\ude00b")).isTrue();
        assertThat(of(prefix, "a\ud83d\ude00")).isTrue();
        assertThat(of(prefix, "a\ud83d\ude01")).isFalse();
        assertThat(of(prefix, "A\ud83d\ude00")).isFalse();
        assertThat(of(new Prefix(V, "a%_"), "a%_b")).isTrue();
        assertThat(of(new Prefix(V, "a%_"), "abc")).isFalse();
        assertThat(of(new Prefix(V, ""), "")).isTrue();
        assertThat(of(new Prefix(V, ""), 1)).isFalse();
        assertThat(of(new Prefix(V, "a"), List.of("a"))).isFalse();
        assertThat(ofMissing(new Prefix(V, ""))).isFalse();
        assertInvalid(() -> new Prefix(V, "a\0"), "NUL");
        assertInvalid(() -> new Prefix(V, "\ud83d"), "surrogate");
    }

    @Test
    void anyLooksIntoLists() {
        Filter any = new Any(V, eq(IT, 1).or(new Prefix(IT, "x")));
        assertThat(of(any, List.of(0, 1.0))).isTrue();
        assertThat(of(any, List.of("y", "xy"))).isTrue();
        assertThat(of(any, List.of())).isFalse();
        assertThat(of(any, List.of(List.of(1)))).isFalse();
        assertThat(of(any, 1)).as("a scalar is no list").isFalse();
        assertThat(ofMissing(any)).isFalse();
        Filter nested = new Any(V, new Any(IT, eq(IT, 1)));
        assertThat(of(nested, List.of(List.of(0), List.of(1)))).isTrue();
        assertThat(of(nested, List.of(1))).isFalse();
    }

    @Test
    void allOfAnElementsFilterHoldsOfOneElement() {
        Filter any = new Any(V, eq(FieldPath.of("a"), 1).and(eq(FieldPath.of("b.c"), null)));
        Document first = Document.of("a", 1, "b", Document.of("c", 1));
        Document second = Document.of("a", 2);
        assertThat(of(any, List.of(first, second))).isFalse();
        assertThat(of(any, List.of(first, second, Document.of("a", 1)))).isTrue();
        Filter none = new Any(V, eq(FieldPath.of("a"), 1)).not();
        assertThat(of(none, List.of(second))).isTrue();
        assertThat(of(none, List.of(first))).isFalse();
        assertThat(ofMissing(none)).isTrue();
        Filter other = new Any(V, eq(FieldPath.of("a"), 1).not());
        assertThat(of(other, List.of("no document")))
                .as("an element without the field")
                .isTrue();
        assertThat(of(new Any(V, eq(IT, null)), Arrays.asList(1, null))).isTrue();
    }

    @Test
    void keysAreComparedAsKeys() {
        Key record = Key.of(Document.of("region", "eu", "number", 7));
        assertThat(eq(FieldPath.key(), record.value()).matches(record, Document.empty()))
                .isTrue();
        assertThat(eq(FieldPath.key(), Document.of("number", 7, "region", "eu")).matches(record, Document.empty()))
                .as("another order of the components")
                .isFalse();
        assertThat(eq(FieldPath.key("region"), "eu").matches(record, Document.of("region", "us")))
                .isTrue();
        assertThat(eq(FieldPath.key(), 7).matches(Key.of(7L), Document.empty())).isTrue();
        assertThat(new In(FieldPath.key(), List.of("j", "k")).matches(K, Document.empty()))
                .isTrue();
        assertThat(Filter.compare(FieldPath.key(), Operator.GT, "j").matches(K, Document.empty()))
                .isTrue();
        assertThat(Filter.compare(FieldPath.key(), Operator.GT, 1).matches(K, Document.empty()))
                .isFalse();
        assertThat(new Prefix(FieldPath.key(), "k").matches(K, Document.empty()))
                .isTrue();
        assertInvalid(() -> Filter.compare(FieldPath.key(), Operator.LT, record.value()), "order by its components");
        assertInvalid(() -> eq(FieldPath.key(), null), "no key is null");
        assertInvalid(() -> eq(FieldPath.key(), 1.5), "a key can't be a java.lang.Double");
        assertInvalid(() -> new In(FieldPath.key(), Arrays.asList("k", null)), "no key is null");
    }

    @Test
    void elementsAndKeysAreSpokenOfWhereTheyAre() {
        assertInvalid(() -> new Any(V, eq(FieldPath.key(), 1)), "the elements of v", "speaks of the key");
        assertInvalid(() -> new Any(V, Filter.all().or(new Exists(FieldPath.key("a")).not())), "speaks of the key");
        assertInvalid(() -> new Any(V, new Any(FieldPath.key("a"), eq(IT, 1))), "speaks of the key");
        for (Filter wrong : List.of(
                eq(IT, 1),
                new In(IT, List.of(1)).not(),
                Filter.all().and(new Exists(IT)),
                Filter.none().or(new Prefix(IT, "")),
                new Any(IT, eq(IT, 1)))) {
            assertInvalid(wrong::ofDocuments, "outside of a filter on one");
            assertInvalid(() -> Condition.matching(wrong), "outside of a filter on one");
        }
        Filter right = new Any(V, eq(IT, 1)).and(eq(FieldPath.key(), 1));
        assertThat(right.ofDocuments()).isSameAs(right);
    }

    @Test
    void filtersAreNotNestedForEver() {
        Filter deep = eq(V, 1);
        for (int level = 1; level < Filter.MAX_DEPTH; level++) {
            deep = level % 2 == 0 ? new Any(V, deep) : deep.not();
        }
        Filter deepest = deep; // of 50 levels
        assertInvalid(() -> new Filter.Not(deepest), "more than 50 levels");
        assertInvalid(() -> new Any(V, deepest), "more than 50 levels");
        assertInvalid(() -> deepest.and(eq(V, 2)), "more than 50 levels");
        assertInvalid(() -> eq(V, 2).or(deepest), "more than 50 levels");
    }

    @Test
    void conditionsHold() {
        StoredDocument stored = new StoredDocument(K, Document.of("v", 1), 7);
        assertThat(Condition.none().holds(stored)).isTrue();
        assertThat(Condition.ifVersion(7).holds(stored)).isTrue();
        assertThat(Condition.ifVersion(8).holds(stored)).isFalse();
        assertThat(Condition.matching(eq(V, 1)).holds(stored)).isTrue();
        assertThat(Condition.matching(eq(V, 2)).holds(stored)).isFalse();
        assertThat(Condition.matching(eq(FieldPath.key(), "k")).holds(stored)).isTrue();
        assertInvalid(() -> Condition.ifVersion(-1), "version -1");
    }
}
