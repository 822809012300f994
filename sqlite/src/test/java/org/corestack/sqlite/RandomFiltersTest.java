package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Filters of every kind mean on SQLite what they mean in memory, and so does what they do not mean. */
class RandomFiltersTest {
    private static final FieldPath A = FieldPath.of("a");
    private static final FieldPath LIST = FieldPath.of("l");
    private static final FieldPath ODD = FieldPath.quoted("o?d").dot(FieldPath.of("x"));
    private static final FieldPath ELEMENT = FieldPath.element();
    private static final List<FieldPath> PATHS = List.of(A, ODD, LIST, FieldPath.key("r"), FieldPath.key("r.s"));

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Map<Key, Document> documents = new LinkedHashMap<>();
    private Engine engine;
    private EngineCollection collection;

    @BeforeEach
    void fill() {
        engine = Engines.open("sqlite::memory:");
        collection = engine.store("s").collection("c");
        List<Object> keys = List.of("", "a", "ab", "b\ud83d\ude00", 1, -5L, Long.MAX_VALUE, true, false);
        int i = 0;
        for (Object value : Values.all()) {
            put(i < keys.size() ? keys.get(i) : Document.of("r", i % 3 == 0 ? "x" + i : (Object) i), value, i);
            put(Document.of("r", Document.of("s", i)), value, i);
            i++;
        }
        put("none", null, -1);
    }

    private void put(Object key, Object value, int i) {
        Document document = i < 0
                ? Document.empty()
                : Document.of("a", value, "o?d", Document.of("x", value))
                        .with("l", Arrays.asList(value, i, Document.of("x", value, "l", Arrays.asList(i, value))));
        documents.put(Key.of(key), document);
        Engines.write(collection, new Write.Insert(Key.of(key), document));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void everyFilterAndItsContraryMeanWhatTheyMeanInMemory() {
        for (boolean indexed : new boolean[] {false, true}) {
            if (indexed) {
                collection.ensureIndexes(List.of(Index.on(A), Index.on(ODD).asSparse()), Engines.soon());
            }
            for (int i = 0; i < 400; i++) {
                assertMeaning(filter(3));
            }
        }
    }

    @Test
    void everyValueIsOneOfSeveral() {
        List<Object> values = new ArrayList<>(Values.SCALARS);
        values.add(null);
        for (int i = 0; i < 100; i++) {
            assertMeaning(new Filter.In(random.nextBoolean() ? A : ODD, some(values)));
        }
        assertMeaning(new Filter.In(A, values));
        assertMeaning(new Filter.In(A, List.of()));
    }

    private List<Object> some(List<Object> values) {
        List<Object> some = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            some.add(values.get(random.nextInt(values.size())));
        }
        return some;
    }

    private Filter filter(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 8)) {
            case 4 -> filter(depth - 1).or(filter(depth - 1));
            case 5 -> filter(depth - 1).and(filter(depth - 1));
            case 6 -> filter(depth - 1).not();
            case 7 -> new Filter.Any(LIST, inList(2));
            default -> random.nextInt(4) == 0 ? onKey() : onValue(PATHS.get(random.nextInt(PATHS.size())));
        };
    }

    private Filter inList(int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 6)) {
            case 3 -> new Filter.Any(LIST, inList(depth - 1));
            case 4 -> inList(depth - 1).not();
            case 5 -> inList(depth - 1).and(inList(depth - 1));
            default -> onValue(random.nextBoolean() ? ELEMENT : FieldPath.of("x"));
        };
    }

    private Filter onValue(FieldPath path) {
        Object value = Values.SCALARS.get(random.nextInt(Values.SCALARS.size()));
        return switch (random.nextInt(6)) {
            case 0 -> new Filter.Exists(path);
            case 1 -> new Filter.In(path, some(Values.SCALARS));
            case 2 -> new Filter.Prefix(path, value instanceof String text ? text : "");
            case 3 -> Filter.compare(path, Operator.EQ, null);
            default -> Filter.compare(path, operator(), value);
        };
    }

    private Filter onKey() {
        List<Key> keys = new ArrayList<>(documents.keySet());
        Object value = keys.get(random.nextInt(keys.size())).value();
        FieldPath key = FieldPath.key();
        if (value instanceof Document || random.nextInt(3) == 0) {
            return new Filter.In(key, List.of(value, "a", 1, true, Document.of("r", 11)));
        }
        return random.nextInt(3) == 0 && value instanceof String text
                ? new Filter.Prefix(key, text)
                : Filter.compare(key, operator(), value);
    }

    private Operator operator() {
        List<Operator> operators = List.of(Operator.values());
        return operators.get(random.nextInt(operators.size()));
    }

    private void assertMeaning(Filter filter) {
        Set<Key> expected = new TreeSet<>();
        documents.forEach((key, document) -> {
            if (filter.matches(key, document)) {
                expected.add(key);
            }
        });
        Set<Key> others = new TreeSet<>(documents.keySet());
        others.removeAll(expected);
        assertThat(keys(filter)).as("seed %d: %s", seed, filter).containsExactlyElementsOf(expected);
        assertThat(keys(filter.not())).as("seed %d: not %s", seed, filter).containsExactlyElementsOf(others);
    }

    private List<Key> keys(Filter filter) {
        return Engines.list(collection, filter, FindOptions.ofDefaults()).stream()
                .map(StoredDocument::key)
                .toList();
    }

    @Test
    void aPrefixIsNoPattern() {
        EngineCollection texts = engine.store("s").collection("texts");
        for (String text : List.of("50%", "50 %", "5_", "50", "50*", "a?", "ab", "\ud7ff\ud7ff", "\ud800\udc00")) {
            Engines.write(texts, new Write.Insert(Key.of(text), Document.of("a", text)));
        }
        for (String prefix : List.of("50%", "5_", "%", "_", "50*", "a?", "", "\ud7ff", "\udbff\udfff")) {
            for (FieldPath path : List.of(A, FieldPath.key())) {
                assertThat(Engines.list(texts, new Filter.Prefix(path, prefix), FindOptions.ofDefaults()))
                        .as("%s begins with %s", path, prefix)
                        .extracting(found -> (String) found.key().value())
                        .containsExactlyInAnyOrderElementsOf(
                                Engines.list(texts, Filter.all(), FindOptions.ofDefaults()).stream()
                                        .map(found -> (String) found.key().value())
                                        .filter(text -> text.startsWith(prefix))
                                        .toList());
            }
        }
    }
}
