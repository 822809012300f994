package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters and sorts mean on SQLite what they mean in memory, with an index and without. */
class QueryMeaningTest {
    private static final FieldPath A = FieldPath.of("a");
    private static final FieldPath DEEP = FieldPath.of("x.y.z");

    private final Map<Key, Document> documents = new LinkedHashMap<>();
    private Engine engine;
    private EngineCollection collection;

    @BeforeEach
    void fill() {
        engine = Engines.open("sqlite::memory:");
        collection = engine.store("s").collection("c");
        int i = 0;
        for (Object value : Values.all()) {
            for (int copy = 0; copy < 3; copy++) {
                put(i++, Document.of("a", value, "x", Document.of("y", Document.of("z", value))));
            }
        }
        put(i++, Document.empty());
        put(i++, Document.of("x", 1));
        put(i, Document.of("x", List.of(Document.of("y", Document.of("z", 1)))));
    }

    private void put(int number, Document document) {
        Key key = Key.of("k" + (number * 7919 % 100_000)); // not in the order of insertion
        documents.put(key, document);
        Engines.write(collection, new Write.Insert(key, document));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyComparisonMatchesWhatItMatchesInMemory(boolean indexed) {
        if (indexed) {
            collection.ensureIndexes(List.of(Index.on(A)), Engines.soon());
            collection.ensureIndexes(List.of(Index.on(DEEP)), Engines.soon());
        }
        for (FieldPath path : List.of(A, DEEP)) {
            assertMeaning(Filter.compare(path, Operator.EQ, null));
            for (Object value : Values.SCALARS) {
                for (Operator operator : Operator.values()) {
                    assertMeaning(Filter.compare(path, operator, value));
                }
            }
        }
    }

    @Test
    void comparisonsTogetherMatchWhatAllMatch() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            assertMeaning(random(random, A).and(random(random, random.nextBoolean() ? A : DEEP)));
        }
        assertMeaning(Filter.all());
    }

    private static Filter random(Random random, FieldPath path) {
        List<Operator> operators = List.of(Operator.values());
        Operator operator = operators.get(random.nextInt(operators.size()));
        return Filter.compare(path, operator, Values.SCALARS.get(random.nextInt(Values.SCALARS.size())));
    }

    private void assertMeaning(Filter filter) {
        Set<Key> expected = new TreeSet<>();
        documents.forEach((key, document) -> {
            if (filter.matches(key, document)) {
                expected.add(key);
            }
        });
        List<Key> found = list(filter, FindOptions.ofDefaults()).stream()
                .map(StoredDocument::key)
                .toList();
        assertThat(found).as(filter.toString()).containsExactlyElementsOf(expected);
    }

    private List<StoredDocument> list(Filter filter, FindOptions options) {
        List<StoredDocument> all = new ArrayList<>();
        try (Cursor cursor = collection.find(filter, options)) {
            for (List<StoredDocument> page = cursor.next(Engines.soon());
                    !page.isEmpty();
                    page = cursor.next(Engines.soon())) {
                all.addAll(page);
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyListIsInOrderAndWhole(boolean indexed) {
        if (indexed) {
            collection.ensureIndexes(List.of(Index.on(A)), Engines.soon());
        }
        assertOrder(Sort.ascending(A), false);
        assertOrder(Sort.descending(A), true);
        assertOrder(Sort.ascending(A).then(Sort.descending(DEEP)), false);
        assertOrder(Sort.descending(A).then(Sort.ascending(DEEP)), true);
    }

    private void assertOrder(Sort sort, boolean descending) {
        List<StoredDocument> list = list(Filter.all(), FindOptions.sortBy(sort));
        assertThat(list).extracting(StoredDocument::key).containsExactlyInAnyOrderElementsOf(documents.keySet());
        for (int i = 1; i < list.size(); i++) {
            StoredDocument earlier = list.get(descending ? i : i - 1);
            StoredDocument later = list.get(descending ? i - 1 : i);
            Object value = A.read(earlier.key(), earlier.document());
            if (value != null && Values.SCALARS.contains(value)) {
                assertThat(Filter.compare(A, Operator.LT, value).matches(later.key(), later.document()))
                        .as("%s: %s before %s", sort, list.get(i - 1), list.get(i))
                        .isFalse();
                if (Filter.compare(A, Operator.EQ, value).matches(later.key(), later.document())) {
                    assertThat(list.get(i).key()).isGreaterThan(list.get(i - 1).key());
                }
            }
        }
        int limit = 1 + list.size() / 2;
        assertThat(list(Filter.all(), FindOptions.sortBy(sort).limit(limit))).isEqualTo(list.subList(0, limit));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nullsAndMissingComeTogether(boolean descending) {
        Sort sort = descending ? Sort.descending(A) : Sort.ascending(A);
        List<Boolean> nulls = list(Filter.all(), FindOptions.sortBy(sort)).stream()
                .map(stored -> A.read(stored.key(), stored.document()) == null)
                .toList();
        long count = nulls.stream().filter(isNull -> isNull).count();
        assertThat(count).isEqualTo(6);
        int first = descending ? nulls.size() - 6 : 0;
        assertThat(nulls.subList(first, first + 6)).containsOnly(true);
    }

    /** Filters and indexes compare with what SQLite reads in the JSON: it has to be the very number. */
    @Test
    void sqliteReadsEveryDoubleExactly() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ((SqliteEngine) engine).database().reads().read(Engines.soon(), "a look", session -> {
            for (int i = 0; i < 50_000; i++) {
                long bits = random.nextLong();
                double number = Double.longBitsToDouble(i % 3 == 0 ? bits & 0x800F_FFFF_FFFF_FFFFL : bits);
                if (Double.isFinite(number)) {
                    assertExact(session, number, seed);
                }
            }
            for (double edge : new double[] {Double.MAX_VALUE, Double.MIN_VALUE, Double.MIN_NORMAL, 0x1p53, 0.1}) {
                assertExact(session, edge, seed);
                assertExact(session, -edge, seed);
            }
            return true;
        });
    }

    private static void assertExact(Session session, double number, long seed) throws SQLException {
        try (ResultSet row = session.query("SELECT json_extract(?, '$') = ?", "" + number, number)) {
            assertThat(row.next() && row.getBoolean(1))
                    .as("seed %d: %s", seed, number)
                    .isTrue();
        }
    }

    @Test
    void aSortByWhatTheFilterFixesIsByTheKey() {
        Filter filter = Filter.compare(A, Operator.EQ, 1);
        assertThat(list(filter, FindOptions.sortBy(Sort.descending(A))))
                .isEqualTo(list(filter, FindOptions.ofDefaults()));
    }
}
