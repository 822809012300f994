package org.corestack.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {
    private final JsonCodec codec = new JsonCodec();

    @ParameterizedTest
    @EnumSource
    void randomDocumentsComeBackWithTheirTypes(DoubleForm doubles) {
        JsonCodec codec = new JsonCodec(doubles);
        long seed = new Random().nextLong();
        RandomValues random = new RandomValues(new Random(seed));
        for (int i = 0; i < 10_000; i++) {
            Document document = random.document(4);
            StoredJson stored = codec.encode(document);
            assertThat(codec.decode(stored.doc(), stored.longs()))
                    .as("seed %d: %s", seed, stored)
                    .isEqualTo(document);
        }
    }

    @Test
    void eachTypeHasItsForm() {
        assertForm(null, "null");
        assertForm(true, "true");
        assertForm(-5, "-5");
        assertForm(3_000_000_000L, "3000000000");
        assertForm(1.0, "1.0");
        assertForm(1e300, "1.0E300");
        assertForm("é\n\"", "\"é\\n\\\"\"");
        assertForm(Instant.parse("0037-01-02T03:04:05Z"), "{\"$t\":\"0037-01-02T03:04:05.000Z\"}");
        assertForm(new UUID(1, 0xAB), "{\"$u\":\"00000000-0000-0001-0000-0000000000ab\"}");
        assertForm(Bytes.of((byte) 0, (byte) 0xFE), "{\"$b\":\"00fe\"}");
        assertForm(new BigDecimal("5.00"), "{\"$d\":\"5.00\",\"$n\":5}");
        assertForm(new BigDecimal("0.5"), "{\"$d\":\"0.5\",\"$n\":0.5}");
        assertForm(new BigDecimal("1.10"), "{\"$d\":\"1.10\",\"$n\":1.1,\"$r\":\"05000111\"}");
        assertForm(Document.of("$t", 1), "{\"$$t\":1}");
        assertForm(Arrays.asList(1, null), "[1,null]");
    }

    private void assertForm(Object value, String json) {
        assertThat(codec.encode(Document.of("v", value)).doc()).isEqualTo("{\"v\":" + json + "}");
    }

    @Test
    void onlyMixedIntegersNeedATree() {
        assertThat(longs(Document.of("a", 1, "b", "x"))).isNull();
        assertThat(longs(Document.of("a", 1L, "b", "x"))).isEqualTo("\"*\"");
        assertThat(longs(Document.of("a", 1L << 40, "b", 1))).isNull();
        assertThat(longs(Document.of("a", 1L, "b", 1))).isEqualTo("{\"a\":\"*\"}");
        assertThat(longs(Document.of("a", Document.of("c", 1L, "d", List.of(2L)), "b", List.of(1, 2L))))
                .isEqualTo("{\"a\":\"*\",\"b\":{\"1\":\"*\"}}");
        assertThat(longs(Document.of("a", Document.of("*", 1L), "*", 1))).isEqualTo("{\"a\":\"*\"}");
    }

    private String longs(Document document) {
        StoredJson stored = codec.encode(document);
        assertThat(codec.decode(stored.doc(), stored.longs())).isEqualTo(document);
        return stored.longs();
    }

    @Test
    void longTextsAndNamesComeBack() {
        Document document = Document.of("n".repeat(200_000), "x".repeat(9_000_000), "b", Bytes.of(new byte[4_000_000]));
        StoredJson stored = codec.encode(document);
        assertThat(codec.decode(stored.doc(), stored.longs()).equals(document)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "[1]",
                "{",
                "{\"a\":",
                "{\"a\":1}}",
                "{\"a\":NaN}",
                "{\"a\":1e999}",
                "{\"a\":99999999999999999999}",
                "{\"a\":{\"$x\":\"1\"}}",
                "{\"a\":{\"$t\":1}}",
                "{\"a\":{\"$t\":\"yesterday\"}}",
                "{\"a\":{\"$u\":\"1\"}}",
                "{\"a\":{\"$b\":\"0\"}}",
                "{\"a\":{\"$d\":\"one\",\"$n\":1}}",
                "{\"a\":{\"$d\":\"1\"",
                "{\"$t\":\"2026-11-24T15:57:39.123Z\"}",
                "{\"a\":1,\"a\":2}"
            })
    void damagedTextIsDataLoss(String text) {
        assertThatThrownBy(() -> codec.decode(text, null))
                .isInstanceOfSatisfying(
                        CoreException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.DATA_LOSS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "{", "[]", "{\"a\":1}"})
    void damagedLongsAreDataLoss(String longs) {
        assertThatThrownBy(() -> codec.decode("{\"a\":1}", longs))
                .isInstanceOfSatisfying(
                        CoreException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.DATA_LOSS));
    }

    @Test
    void theMessageOfDamageHoldsNothingOfTheDocument() {
        assertThatThrownBy(() -> codec.decode("{\"password\":\"hunter2\",\"a\":hunter2}", null))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter2"))
                .hasNoCause();
    }
}
