package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.corestack.errors.CoreException;
import org.junit.jupiter.api.Test;

class SortTest {
    private static final FieldPath V = FieldPath.of("v");
    private static final FieldPath W = FieldPath.of("w");

    private static StoredDocument stored(Object key, Document document) {
        return new StoredDocument(Key.of(key), document, 1);
    }

    private static List<Object> keys(Sort sort, StoredDocument... documents) {
        List<StoredDocument> sorted = new ArrayList<>(List.of(documents));
        Collections.shuffle(sorted);
        sorted.sort(sort.comparator());
        return sorted.stream().map(each -> each.key().value()).toList();
    }

    @Test
    void numbersAreInOneOrder() {
        StoredDocument[] numbers = {
            stored("a", Document.of("v", 2L)),
            stored("b", Document.of("v", 1.5)),
            stored("c", Document.of("v", new BigDecimal("1.4"))),
            stored("d", Document.of("v", -1))
        };
        assertThat(keys(Sort.ascending(V), numbers)).containsExactly("d", "c", "b", "a");
        assertThat(keys(Sort.descending(V), numbers)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void equalValuesAreInTheOrderOfTheirKeysBothWays() {
        StoredDocument[] equal = {
            stored(2, Document.of("v", 1)), stored(1, Document.of("v", 1.0)), stored(3, Document.of("v", 1L))
        };
        assertThat(keys(Sort.ascending(V), equal)).containsExactly(1L, 2L, 3L);
        assertThat(keys(Sort.descending(V), equal)).containsExactly(1L, 2L, 3L);
        assertThat(keys(Sort.byKey(), equal)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void missingFieldsAndNullsStandTogether() {
        StoredDocument[] mixed = {
            stored(1, Document.of("v", null)), stored(2, Document.of("v", 0)), stored(3, Document.empty())
        };
        assertThat(keys(Sort.ascending(V), mixed)).containsExactly(1L, 3L, 2L);
        assertThat(keys(Sort.descending(V), mixed)).containsExactly(2L, 1L, 3L);
    }

    @Test
    void laterTermsDecideWhereEarlierOnesDoNot() {
        StoredDocument[] pairs = {
            stored(1, Document.of("v", 1, "w", 1)),
            stored(2, Document.of("v", 1, "w", 2)),
            stored(3, Document.of("v", 2, "w", 1))
        };
        assertThat(keys(Sort.ascending(V).then(Sort.descending(W)), pairs)).containsExactly(2L, 1L, 3L);
        assertThatThrownBy(() -> Sort.ascending(V).then(Sort.descending(V))).isInstanceOf(CoreException.class);
    }

    @Test
    void keysAndTheirComponentsAreSortedBy() {
        StoredDocument[] records = {
            stored(Document.of("r", "us", "n", 1), Document.empty()),
            stored(Document.of("r", "eu", "n", 2), Document.empty()),
            stored(Document.of("r", "eu", "n", 10), Document.empty())
        };
        Object us1 = records[0].key().value();
        Object eu2 = records[1].key().value();
        Object eu10 = records[2].key().value();
        assertThat(keys(Sort.ascending(FieldPath.key()), records)).containsExactly(eu2, eu10, us1);
        assertThat(keys(Sort.descending(FieldPath.key()), records)).containsExactly(us1, eu10, eu2);
        assertThat(keys(Sort.descending(FieldPath.key("n")), records)).containsExactly(eu10, eu2, us1);
        assertThat(keys(Sort.descending(FieldPath.key()), stored(2, Document.empty()), stored(10, Document.empty())))
                .containsExactly(10L, 2L);
        assertThatThrownBy(() -> Sort.ascending(FieldPath.element())).isInstanceOf(CoreException.class);
    }

    @Test
    void theOrderIsTotal() {
        List<Object> values = Arrays.asList(
                null,
                1,
                2.5,
                3L,
                BigDecimal.TEN,
                "a",
                "\uffff",
                "\ud83d\ude00",
                true,
                false,
                Instant.EPOCH,
                new UUID(0, 1),
                new UUID(-1, 1),
                Bytes.of((byte) 1),
                List.of(1),
                List.of(2),
                Document.of("v", 1),
                Document.empty());
        List<StoredDocument> documents = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            documents.add(stored(i, Document.of("v", values.get(i))));
        }
        for (Sort sort : List.of(Sort.ascending(V), Sort.descending(V))) {
            Comparator<StoredDocument> order = sort.comparator();
            List<StoredDocument> sorted = new ArrayList<>(documents);
            Collections.shuffle(sorted, new Random(7));
            sorted.sort(order);
            for (int i = 0; i < sorted.size(); i++) {
                for (int j = 0; j < sorted.size(); j++) {
                    assertThat(Integer.signum(order.compare(sorted.get(i), sorted.get(j))))
                            .isEqualTo(Integer.compare(i, j));
                }
            }
        }
    }
}
