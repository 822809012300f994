package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.document.Sort.Term;
import org.junit.jupiter.api.Test;

/** Whatever an index can serve, it serves: read from the engine's own plans. */
abstract class PlanContract extends NativeContract {
    private static final String PLANNED = "planned";
    private static final FieldPath S = FieldPath.of("in.s");
    private static final FieldPath T = FieldPath.of("t");

    /** Values of every scalar type. */
    private static List<Object> values() {
        return List.of(
                7,
                8L,
                7.5,
                new BigDecimal("7.25"),
                "text 7",
                true,
                Instant.ofEpochMilli(7),
                new UUID(7, 7),
                Bytes.of((byte) 7));
    }

    private static Object value(int i) {
        return switch (i % 8) {
            case 0 -> i;
            case 1 -> (long) i;
            case 2 -> i / 2.0;
            case 3 -> new BigDecimal(i).movePointLeft(1);
            case 4 -> "text " + i;
            case 5 -> Instant.ofEpochMilli(i);
            case 6 -> new UUID(i, i);
            default -> i % 16 == 7 ? (Object) (i % 32 == 7) : (Object) Bytes.of((byte) i, (byte) (i >> 8));
        };
    }

    private void store(List<Index> indexes) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            documents.add(Document.of("v", value(i), "in", doc("s", value(i))).with("t", i % 50));
        }
        store().collection(PLANNED).ensureIndexes(indexes);
        Corpus.of(store().collection(PLANNED), documents);
    }

    private PlanReader.Plan plan(Filter filter, Sort sort) {
        FindOptions options = FindOptions.sortBy(sort).limit(20);
        return planReader().orElseThrow().explain(client(), "contract", PLANNED, filter, options);
    }

    private void assertBounded(Filter filter, Sort sort) {
        PlanReader.Plan plan = plan(filter, sort);
        assertThat(plan.bounded())
                .as("a bounded index for %s by %s: %s", filter, sort, plan.text())
                .isTrue();
    }

    private void assertOrdered(Filter filter, Sort sort) {
        PlanReader.Plan plan = plan(filter, sort);
        assertThat(plan.ordered())
                .as("the order of an index for %s by %s: %s", filter, sort, plan.text())
                .isTrue();
    }

    @Test
    @Need.Of(Need.PLANS)
    void anIndexServesEveryComparisonOfEveryType() {
        store(List.of(Index.on(V), Index.on(S)));
        for (FieldPath path : List.of(V, S)) {
            for (Object value : values()) {
                for (Operator operator : Operator.values()) {
                    assertBounded(Filter.compare(path, operator, value), Sort.byKey());
                }
                assertBounded(in(path, value, value instanceof String ? "other" : value), Sort.byKey());
                assertBounded(eq(path, value).and(eq(FieldPath.of("absent"), 1)), Sort.byKey());
            }
            assertBounded(in(path, values().toArray()), Sort.byKey());
            assertBounded(new Filter.Prefix(path, "text 1"), Sort.byKey());
            Filter between = Filter.compare(path, Operator.GTE, 10).and(Filter.compare(path, Operator.LT, 12L));
            assertBounded(between, Sort.byKey());
        }
    }

    @Test
    @Need.Of(Need.PLANS)
    void anIndexServesTheOrderOfItsPathBothWays() {
        store(List.of(Index.on(V)));
        for (Sort sort : List.of(Sort.ascending(V), Sort.descending(V))) {
            assertOrdered(Filter.all(), sort);
            for (Object value : values()) {
                assertOrdered(Filter.compare(V, Operator.GT, value), sort);
                assertBounded(Filter.compare(V, Operator.GT, value), sort);
            }
        }
    }

    @Test
    @Need.Of(Need.PLANS)
    void aCompoundIndexServesItsFirstPathsAndTheOrderOfTheNext() {
        Map<Index, List<Sort>> indexes = new LinkedHashMap<>();
        indexes.put(Index.on(T, V), List.of(Sort.ascending(T).then(Sort.ascending(V))));
        indexes.put(
                Index.of(List.of(new Term(S, false), new Term(T, true))),
                List.of(Sort.ascending(S).then(Sort.descending(T))));
        store(List.copyOf(indexes.keySet()));
        for (Object value : values()) {
            assertBounded(eq(T, 7).and(eq(V, value)), Sort.byKey());
            assertBounded(eq(T, 7).and(Filter.compare(V, Operator.LT, value)), Sort.ascending(V));
            assertOrdered(
                    eq(T, 7).and(Filter.compare(V, Operator.LT, value)),
                    Sort.ascending(T).then(Sort.ascending(V)));
            assertBounded(eq(S, value).and(Filter.compare(T, Operator.GT, 3)), Sort.byKey());
        }
        assertBounded(eq(T, 7), Sort.byKey());
        indexes.values().forEach(sorts -> sorts.forEach(sort -> assertOrdered(Filter.all(), sort)));
    }

    @Test
    @Need.Of(Need.PLANS)
    void uniqueAndSparseIndexesServeWhatTheyHold() {
        store(List.of(
                Index.on(FieldPath.of("u")).asUnique(),
                Index.on(FieldPath.of("w")).asSparse()));
        for (FieldPath path : List.of(FieldPath.of("u"), FieldPath.of("w"))) {
            for (Object value : values()) {
                assertBounded(eq(path, value), Sort.byKey());
                assertBounded(Filter.compare(path, Operator.GT, value), Sort.byKey());
            }
            assertBounded(new Filter.Prefix(path, "text"), Sort.byKey());
        }
    }

    @Test
    @Need.Of(Need.PLANS)
    void keysAreFoundAndOrderedWithoutAnIndexOfOnesOwn() {
        store(List.of());
        FieldPath key = FieldPath.key();
        assertBounded(eq(key, 7), Sort.byKey());
        assertBounded(in(key, 7, 8, "text"), Sort.byKey());
        assertOrdered(Filter.all(), Sort.byKey());
    }
}
