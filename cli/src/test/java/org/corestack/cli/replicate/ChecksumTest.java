package org.corestack.cli.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    private static Checksum of(StoredDocument... documents) {
        Checksum sum = new Checksum();
        sum.addAll(List.of(documents));
        return sum;
    }

    private static StoredDocument stored(Object key, Document document) {
        return new StoredDocument(Key.of(key), document, 1);
    }

    @Test
    void typesAndNamesCount() {
        List<Object> values = Arrays.asList(
                null,
                false,
                0,
                0L,
                0.0,
                -0.0,
                new BigDecimal("0"),
                new BigDecimal("0.0"),
                "0",
                "",
                Bytes.of(),
                Bytes.of((byte) 0),
                new UUID(0, 0),
                Instant.EPOCH,
                List.of(),
                List.of(0),
                Document.empty(),
                Document.of("a", 0));
        Set<String> sums = new HashSet<>();
        for (Object value : values) {
            sums.add(of(stored("k", Document.of("a", value))).toString());
        }
        sums.add(of(stored("k", Document.empty())).toString());
        sums.add(of(stored("k", Document.of("b", 0))).toString());
        sums.add(of(stored("l", Document.of("a", 0))).toString());
        assertThat(sums).hasSize(values.size() + 3);
    }

    @Test
    void orderAndVersionsDoNotCount() {
        StoredDocument one = stored("a", Document.of("x", 1, "y", 2));
        StoredDocument other = stored("b", Document.empty());
        StoredDocument same = new StoredDocument(Key.of("a"), Document.of("y", 2, "x", 1), 7);
        assertThat(of(one, other).agrees(of(other, same))).isTrue();
        assertThat(of(one, one).agrees(of(one))).isFalse();
        assertThat(of().agrees(of())).isTrue();
    }
}
