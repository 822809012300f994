package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.document.Refusals.assertInvalid;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.Aggregation.Measure;
import org.junit.jupiter.api.Test;

class AggregationTest {
    private static final FieldPath G = FieldPath.of("g");
    private static final FieldPath N = FieldPath.of("n");
    private static final Aggregation FIGURES =
            Aggregation.of(Measure.count(), Measure.sum(N), Measure.min(N), Measure.max(N), Measure.average(N));

    private static List<Object> figures(Object... values) {
        List<Group> groups = FIGURES.of(documents(values));
        assertThat(groups).hasSize(1);
        return groups.get(0).values();
    }

    private static List<StoredDocument> documents(Object... values) {
        List<StoredDocument> documents = new ArrayList<>();
        for (Object value : values) {
            documents.add(new StoredDocument(Key.of(documents.size()), Document.of("n", value), 1));
        }
        return documents;
    }

    @Test
    void numbersAreAddedInTheirTypes() {
        assertThat(figures(1, 2, 4)).isEqualTo(List.of(3L, 7L, 1, 4, 7.0 / 3));
        assertThat(figures(1, 2L, 0.5)).isEqualTo(List.of(3L, 3.5, 0.5, 2L, 3.5 / 3));
        assertThat(figures(1, new BigDecimal("0.10")))
                .isEqualTo(List.of(2L, new BigDecimal("1.10"), new BigDecimal("0.10"), 1, new BigDecimal("0.55")));
        assertThat(figures(0.1, 0.2).get(1)).isEqualTo(0.1 + 0.2);
    }

    @Test
    void whatIsNoNumberIsNotAddedAndWhatIsNoScalarNotCompared() {
        assertThat(figures("a", null, List.of(1), Document.empty(), 2))
                .startsWith(5L, 2L)
                .endsWith(2.0);
        assertThat(figures("b", "a", null, List.of(9))).isEqualTo(Arrays.asList(4L, 0L, "a", "b", null));
        assertThat(figures(null, List.of())).isEqualTo(Arrays.asList(2L, 0L, null, null, null));
    }

    @Test
    void withoutGroupsThereIsOneOfNothingToo() {
        assertThat(figures()).isEqualTo(Arrays.asList(0L, 0L, null, null, null));
        assertThat(FIGURES.groupBy(G).of(List.of())).isEmpty();
    }

    @Test
    void aSumOfIntegersThatOverflowsIsRefused() {
        Aggregation sum = Aggregation.of(Measure.sum(N));
        assertInvalid(() -> sum.of(documents(Long.MAX_VALUE, 1)), "the sum of the integers at n overflows");
        assertInvalid(() -> sum.of(documents(Long.MIN_VALUE, -1)), "overflows");
        assertThat(sum.of(documents(Long.MAX_VALUE, 1, -1)).get(0).values()).containsExactly(Long.MAX_VALUE);
        assertThat(sum.of(documents(Long.MAX_VALUE, 1, 0.0)).get(0).values()).containsExactly(0x1p63);
        Object average = Aggregation.of(Measure.average(N))
                .of(documents(Long.MAX_VALUE, Long.MAX_VALUE))
                .get(0)
                .values()
                .get(0);
        assertThat(average).isEqualTo(0x1p63);
    }

    @Test
    void groupsAreByValue() {
        List<StoredDocument> documents = new ArrayList<>();
        List<Object> groups = Arrays.asList(1, 1.0, "1", null, true, "1", 1L);
        for (Object group : groups) {
            documents.add(new StoredDocument(
                    Key.of(Document.of("r", documents.size() % 2)), Document.of("g", group, "n", 1), 1));
        }
        documents.add(new StoredDocument(Key.of(Document.of("r", 1)), Document.empty(), 1));
        List<Group> found = Aggregation.of(Measure.count()).groupBy(G).of(documents);
        assertThat(found)
                .extracting(group -> String.valueOf(group.by().get(0)).replaceAll("\\.0$", "") + ": "
                        + group.values().get(0))
                .containsExactlyInAnyOrder("1: 3", "1: 2", "null: 2", "true: 1");
        assertThat(Aggregation.of(Measure.sum(N)).groupBy(FieldPath.key("r")).of(documents))
                .containsExactlyInAnyOrder(new Group(List.of(0L), List.of(4L)), new Group(List.of(1L), List.of(3L)));
        assertThat(Aggregation.of(Measure.max(FieldPath.key("r")))
                        .groupBy(G, FieldPath.key("r"))
                        .of(documents))
                .hasSize(6);
    }

    @Test
    void whatIsWrongIsRefused() {
        assertInvalid(() -> Aggregation.of(), "needs a measure");
        assertInvalid(() -> FIGURES.groupBy(G, G), "by a field twice");
        assertInvalid(() -> new Measure(Kind.COUNT, N), "COUNT takes no path");
        assertInvalid(() -> new Measure(Kind.SUM, null), "SUM needs a path");
        assertInvalid(() -> Measure.min(FieldPath.element()), "measures the element");
        assertInvalid(() -> FIGURES.groupBy(FieldPath.element()), "groups by the element");
    }
}
