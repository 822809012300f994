package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Key;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is counted and added up, for all documents and by groups. */
abstract class AggregateContract extends ListContract {
    private static final FieldPath W = FieldPath.of("w");
    private static final Aggregation ALL_OF_V =
            Aggregation.of(Measure.count(), Measure.sum(V), Measure.min(V), Measure.max(V), Measure.average(V));

    private Corpus values(@Nullable Object... values) {
        return Corpus.of(
                things(), Arrays.stream(values).map(value -> doc("v", value)).toList());
    }

    private void assertAggregates(Corpus corpus, Filter filter, Aggregation aggregation) {
        Groups.assertSame(things().aggregate(filter, aggregation), aggregation.of(corpus.meant(filter)), aggregation);
    }

    private void assertMeasures(@Nullable Object... expected) {
        Groups.assertSame(
                things().aggregate(Filter.all(), ALL_OF_V),
                List.of(new Group(List.of(), Arrays.asList(expected))),
                ALL_OF_V);
        things().deleteMany(Filter.all());
    }

    @Test
    void allKindsMeasureNumbersOfEachType() {
        values(1, 2, 3);
        assertMeasures(3L, 6L, 1, 3, 2.0);
        values(Integer.MAX_VALUE, 1);
        assertMeasures(2L, Integer.MAX_VALUE + 1L, 1, Integer.MAX_VALUE, 1_073_741_824.0);
        values(Long.MAX_VALUE - 2, 1L, 1);
        assertMeasures(3L, Long.MAX_VALUE, 1L, Long.MAX_VALUE - 2, Long.MAX_VALUE / 3.0);
        values(0.5, 0.25, -4.0);
        assertMeasures(3L, -3.25, -4.0, 0.5, -3.25 / 3);
        values(new BigDecimal("1.10"), new BigDecimal("2.05"));
        assertMeasures(
                2L, new BigDecimal("3.15"), new BigDecimal("1.10"), new BigDecimal("2.05"), new BigDecimal("1.575"));
    }

    @Test
    void mixedNumbersGiveTheWidestType() {
        values(1, 2L, 0.5);
        assertMeasures(3L, 3.5, 0.5, 2L, 3.5 / 3);
        values(1, 2L, new BigDecimal("0.25"));
        assertMeasures(
                3L,
                new BigDecimal("3.25"),
                new BigDecimal("0.25"),
                2L,
                new BigDecimal("3.25").divide(new BigDecimal(3), MathContext.DECIMAL128));
        values(0.5, new BigDecimal("0.25"), 4);
        assertMeasures(
                3L,
                new BigDecimal("4.75"),
                new BigDecimal("0.25"),
                4,
                new BigDecimal("4.75").divide(new BigDecimal(3), MathContext.DECIMAL128));
        values(1, 1.0, new BigDecimal("1.00"));
        assertMeasures(3L, new BigDecimal("3"), 1, 1, new BigDecimal("1"));
    }

    @Test
    void decimalsKeepTheirDigits() {
        BigDecimal large = new BigDecimal("1234567890123456789012345678901233");
        values(large, BigDecimal.ONE);
        assertMeasures(
                2L,
                new BigDecimal("1234567890123456789012345678901234"),
                BigDecimal.ONE,
                large,
                new BigDecimal("617283945061728394506172839450617"));
        values(new BigDecimal("12E+3"), new BigDecimal("1E-10"));
        assertMeasures(
                2L,
                new BigDecimal("12000.0000000001"),
                new BigDecimal("1E-10"),
                new BigDecimal("12E+3"),
                new BigDecimal("6000.00000000005"));
        values(new BigDecimal("9007199254740993"), Long.MAX_VALUE);
        assertMeasures(
                2L,
                new BigDecimal("9232379236109516800"),
                new BigDecimal("9007199254740993"),
                Long.MAX_VALUE,
                new BigDecimal("4616189618054758400"));
    }

    @Test
    void whatIsNoNumberCountsForNoSum() {
        values("text", null, List.of(1), doc("v", 1), "texts", 2);
        things().insert(key("missing"), Document.empty());
        List<@Nullable Object> values = things().aggregate(
                        Filter.all(), Aggregation.of(Measure.count(), Measure.sum(V), Measure.average(V)))
                .get(0)
                .values();
        assertThat(values).containsExactly(7L, 2L, 2.0);
        things().delete(key(5), ALWAYS);
        assertMeasures(6L, 0L, "text", "texts", null);
        for (List<?> pair : List.of(
                List.of("B", "a"),
                List.of("\ue000", "\ud83d\ude00"),
                List.of("", " "),
                List.of(false, true),
                List.of(Instant.ofEpochMilli(-1), Instant.EPOCH),
                List.of(new UUID(1, 0), new UUID(-1, 0)),
                List.of(Bytes.of((byte) 0x7F), Bytes.of((byte) 0x80)))) {
            values(pair.get(1), null, List.of(), pair.get(0));
            assertMeasures(4L, 0L, pair.get(0), pair.get(1), null);
        }
    }

    @Test
    void ofNoDocumentsThereIsOneGroupOrNone() {
        for (Filter filter : List.of(Filter.all(), Filter.none(), eq(V, "absent"))) {
            assertThat(things().aggregate(filter, ALL_OF_V))
                    .containsExactly(new Group(List.of(), Arrays.asList(0L, 0L, null, null, null)));
            assertThat(things().aggregate(filter, ALL_OF_V.groupBy(W))).isEmpty();
            assertThat(things().count(filter)).isZero();
            things().upsert(key(1), doc("v", 1), Set.of());
            things().deleteMany(Filter.all());
        }
    }

    @Test
    void anOverflowIsRefused() {
        values(Long.MAX_VALUE, 1, "x");
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().aggregate(Filter.all(), Aggregation.of(Measure.sum(V))));
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> things().aggregate(
                                Filter.all(),
                                Aggregation.of(Measure.count(), Measure.sum(V)).groupBy(W)));
        assertThat(things().aggregate(Filter.all(), Aggregation.of(Measure.average(V))))
                .containsExactly(new Group(List.of(), List.of(0x1p62)));
        things().insert(key("wider"), doc("v", -1L));
        Aggregation sum = Aggregation.of(Measure.sum(V));
        assertThat(things().aggregate(Filter.all(), sum))
                .as("what overflows on the way, and not in the end")
                .containsExactly(new Group(List.of(), List.of(Long.MAX_VALUE)));
        things().deleteMany(Filter.all());
        values(Long.MIN_VALUE, -1L);
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().aggregate(Filter.all(), sum));
    }

    private static List<@Nullable Object> groupedBy() {
        return Arrays.asList(
                1,
                1L,
                1.0,
                new BigDecimal("1.00"),
                2,
                "a",
                "A",
                "a ",
                "ä",
                "a\u0308",
                "",
                true,
                false,
                null,
                Instant.EPOCH,
                new UUID(0, 1),
                Bytes.of((byte) 1),
                "1",
                0.1,
                new BigDecimal("0.1"),
                Long.MAX_VALUE,
                0x1p63,
                -0.0,
                0,
                (1L << 53) + 1,
                (double) (1L << 53));
    }

    @Test
    void valuesThatAreEqualAreOneGroup() {
        List<Document> documents = new ArrayList<>();
        for (Object by : groupedBy()) {
            documents.add(Document.of("w", by, "v", documents.size()));
        }
        documents.add(doc("v", 100));
        Corpus corpus = Corpus.of(things(), documents);
        assertAggregates(corpus, Filter.all(), ALL_OF_V.groupBy(W));
        assertAggregates(
                corpus,
                Filter.compare(V, Operator.LT, 20),
                Aggregation.of(Measure.count()).groupBy(W));
        assertThat(things().aggregate(
                                Filter.all(), Aggregation.of(Measure.count()).groupBy(W)))
                .filteredOn(group -> group.by().get(0) == null)
                .containsExactly(new Group(Arrays.asList((Object) null), List.of(2L)));
    }

    @Test
    void groupsAreBySeveralPathsNestedOnesAndKeys() {
        Map<Key, Document> documents = new LinkedHashMap<>();
        for (int i = 0; i < 90; i++) {
            Document document =
                    Document.of("v", i % 3, "in", doc("side", "s" + i % 4)).with("a b", i % 2 == 0);
            documents.put(
                    key(Document.of("region", "r" + i % 5, "n", i)), i % 7 == 0 ? document.without("in") : document);
        }
        Corpus corpus = Corpus.of(things(), documents);
        FieldPath side = FieldPath.of("in.side");
        FieldPath region = FieldPath.key("region");
        Aggregation figures = Aggregation.of(
                Measure.count(),
                Measure.sum(V),
                Measure.max(FieldPath.key("n")),
                Measure.min(side),
                Measure.average(V));
        for (List<FieldPath> by : List.of(
                List.of(side),
                List.of(region),
                List.of(FieldPath.quoted("a b"), side),
                List.of(V, region, side),
                List.of(FieldPath.key("n")))) {
            Aggregation grouped = figures.groupBy(by.toArray(new FieldPath[0]));
            assertAggregates(corpus, Filter.all(), grouped);
            assertAggregates(corpus, eq(side, "s1").or(eq(region, "r2")), grouped);
        }
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> figures.groupBy(V, V));
        assertFails(ErrorCode.INVALID_ARGUMENT, Aggregation::of);
    }

    @Test
    void countsAreThoseOfTheLists() {
        Corpus corpus = Corpus.of(
                things(),
                IntStream.range(0, 200)
                        .mapToObj(i -> Document.of("v", i % 10, "list", List.of(i % 4, "x")))
                        .toList());
        withoutAndWithIndex(() -> {
            for (Filter filter : List.of(
                    Filter.all(),
                    Filter.none(),
                    eq(V, 3),
                    Filter.compare(V, Operator.GTE, 7).not(),
                    in(V, 1, 2, null),
                    any(LIST, eq(ELEMENT, 2)),
                    Filter.compare(FieldPath.key(), Operator.LT, 50))) {
                corpus.assertCounts(filter);
            }
        });
    }
}
