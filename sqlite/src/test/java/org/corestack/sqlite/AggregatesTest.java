package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Aggregates are on SQLite what they are in memory, to the last digit and type. */
class AggregatesTest {
    private static final FieldPath V = FieldPath.of("v");
    private static final FieldPath G = FieldPath.of("g.h");
    private static final FieldPath KEY = FieldPath.key();

    private Engine engine;
    private EngineCollection collection;
    private int keys;

    @BeforeEach
    void open() {
        engine = Engines.open("sqlite::memory:");
        collection = engine.store("s").collection("c");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void insert(Object... values) {
        for (Object value : values) {
            Engines.write(collection, new Write.Insert(Key.of(keys++), Document.of("v", value)));
        }
    }

    private List<Object> all(Measure... measures) {
        return collection
                .aggregate(Filter.all(), Aggregation.of(measures), Engines.soon())
                .get(0)
                .values();
    }

    @Test
    void sumsAreExact() {
        insert(Long.MAX_VALUE, 1, -1, -1, Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(all(Measure.sum(V), Measure.average(V), Measure.count())).isEqualTo(meaning());
        insert(0.1, 0.2);
        assertThat(all(Measure.sum(V), Measure.average(V), Measure.count())).isEqualTo(meaning());
        insert(new BigDecimal("1E-20"), new BigDecimal("1E+20"), new BigDecimal("-0.10"));
        assertThat(all(Measure.sum(V), Measure.average(V), Measure.count())).isEqualTo(meaning());
        assertThat(meaning().get(0)).isInstanceOf(BigDecimal.class);
    }

    @Test
    void decimalsAreAddedAsDecimals() {
        insert(new BigDecimal("0.1"), new BigDecimal("0.2"), new BigDecimal("1E-30"), 1);
        assertThat(all(Measure.sum(V))).containsExactly(new BigDecimal("1.300000000000000000000000000001"));
    }

    private List<Object> meaning() {
        return Aggregation.of(Measure.sum(V), Measure.average(V), Measure.count())
                .of(Engines.list(collection, Filter.all(), FindOptions.ofDefaults()))
                .get(0)
                .values();
    }

    @Test
    void aSumThatOverflowsIsRefusedAndOneThatOnlyPassesByIsNot() {
        insert(Long.MAX_VALUE, 1);
        Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> all(Measure.sum(V)));
        assertThat(all(Measure.average(V))).containsExactly(0x1p62);
        insert(-1);
        assertThat(all(Measure.sum(V))).containsExactly(Long.MAX_VALUE);
    }

    @Test
    void ofNothingThereIsOneGroup() {
        List<Measure> measures =
                List.of(Measure.count(), Measure.sum(V), Measure.min(V), Measure.max(V), Measure.average(V));
        Aggregation all = new Aggregation(List.of(), measures);
        for (int round = 0; round < 2; round++) {
            assertThat(collection.aggregate(Filter.all(), all, Engines.soon()))
                    .containsExactly(new Group(List.of(), Arrays.asList(0L, 0L, null, null, null)));
            assertThat(collection.aggregate(Filter.all(), all.groupBy(V), Engines.soon()))
                    .isEmpty();
            collection.ensureIndexes(List.of(Index.on(V)), Engines.soon()); // which makes the collection
        }
        insert("text", null, true, List.of(1), Document.of("a", 1));
        assertThat(all(Measure.sum(V), Measure.average(V))).isEqualTo(Arrays.asList(0L, null));
    }

    @Test
    void theSmallestAndTheLargestKeepTheirTypes() {
        List<Object> classes = List.of(
                List.of(3, 2L, 2.5, new BigDecimal("2.1"), new BigDecimal("9007199254740993.1"), 9007199254740993L),
                List.of("a", "\uffff", "\ud83d\ude00", "B", ""),
                List.of(new BigDecimal("0.1"), new BigDecimal("0.100000000000000000001")));
        for (Object values : classes) {
            EngineCollection each = engine.store("s").collection("c" + keys);
            for (Object value : (List<?>) values) {
                Engines.write(each, new Write.Insert(Key.of(keys++), Document.of("v", value, "x", List.of(1))));
            }
            Aggregation aggregation = Aggregation.of(Measure.min(V), Measure.max(V));
            assertThat(each.aggregate(Filter.all(), aggregation, Engines.soon()))
                    .isEqualTo(aggregation.of(Engines.list(each, Filter.all(), FindOptions.ofDefaults())));
        }
    }

    @Test
    void containersAreNeitherSmallestNorLargest() {
        insert(List.of(0), Document.of("$t", "x"), "{", "zz");
        assertThat(all(Measure.min(V), Measure.max(V))).containsExactly("zz", "{");
    }

    @Test
    void groupsAreWhatTheyAreInMemory() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Object> groups = Arrays.asList(1, 1L, 1.0, new BigDecimal("1.00"), true, "true", "1", null, 2, false, 0);
        for (int i = 0; i < 400; i++) {
            Document.Builder document = Document.builder().put("v", random.nextInt(100) - 50);
            if (random.nextInt(10) > 0) {
                document.put("g", Document.of("h", groups.get(random.nextInt(groups.size()))));
            }
            Key key = i % 2 == 0 ? Key.of(i) : Key.of(Document.of("r", i % 5, "i", i));
            Engines.write(collection, new Write.Insert(key, document.build()));
        }
        List<Measure> measures = List.of(
                Measure.count(),
                Measure.sum(V),
                Measure.min(V),
                Measure.max(V),
                Measure.average(V),
                Measure.min(KEY),
                Measure.max(FieldPath.key("i")),
                Measure.sum(KEY));
        for (List<FieldPath> by :
                List.of(List.<FieldPath>of(), List.of(G), List.of(V, G), List.of(FieldPath.key("r")))) {
            for (Filter filter : List.of(Filter.all(), Filter.compare(V, Filter.Operator.GT, 10))) {
                Aggregation aggregation = new Aggregation(by, measures);
                List<StoredDocument> documents = Engines.list(collection, filter, FindOptions.ofDefaults());
                assertThat(plain(collection.aggregate(filter, aggregation, Engines.soon())))
                        .as("seed %d, by %s", seed, by)
                        .isEqualTo(plain(aggregation.of(documents)));
            }
        }
    }

    /** In an order, with equal numbers written alike. */
    private static List<String> plain(List<Group> groups) {
        Function<Object, String> number = value -> value instanceof Number n
                ? "number " + new BigDecimal(n.toString()).stripTrailingZeros().toPlainString()
                : value == null ? "null" : value.getClass().getSimpleName() + " " + value;
        return groups.stream()
                .map(group -> group.by().stream().map(number).collect(Collectors.joining(",")) + ": "
                        + new ArrayList<>(group.values()))
                .sorted()
                .toList();
    }
}
