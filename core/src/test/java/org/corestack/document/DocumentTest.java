package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private static void assertRefused(ThrowingCallable call) {
        assertCode(ErrorCode.INVALID_ARGUMENT, call);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void valuesAreBroughtIntoTheirNormalForm() {
        Document document = Document.builder()
                .put("short", (short) 1)
                .put("byte", (byte) 2)
                .put("float", 0.5f)
                .put("bytes", new byte[] {1})
                .put("instant", Instant.parse("1969-12-31T23:59:59.999999Z"))
                .put("set", new java.util.TreeSet<>(Set.of(1, 2)))
                .put("map", Map.of("a", List.of(Map.of())))
                .build();
        assertThat(document.asMap())
                .containsEntry("short", 1)
                .containsEntry("byte", 2)
                .containsEntry("float", 0.5)
                .containsEntry("bytes", Bytes.of((byte) 1))
                .containsEntry("instant", Instant.parse("1969-12-31T23:59:59.999Z"))
                .containsEntry("set", List.of(1, 2))
                .containsEntry("map", Document.of("a", List.of(Document.empty())));
    }

    @Test
    void whatCannotBeKeptIsRefused() {
        List<Object> refused = new ArrayList<>(Arrays.asList(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                'c',
                new Object(),
                "a\0",
                "\udc00",
                "\ud800x"));
        refused.add(new BigDecimal("12345678901234567890123456789012345"));
        refused.add(new BigDecimal("1E+6112"));
        refused.add(new BigDecimal("1E-6177"));
        refused.add(Instant.parse("-0001-12-31T23:59:59.999Z"));
        refused.add(Instant.parse("+10000-01-01T00:00:00Z"));
        refused.add(Map.of(1, 2));
        refused.add(Map.of("", 2));
        refused.add(Map.of("a\0", 2));
        refused.add(java.math.BigInteger.ONE);
        for (Object value : refused) {
            assertRefused(() -> Document.of("a", value));
            assertRefused(() -> Document.of("a", List.of(value)));
            assertRefused(() -> Document.of("a", Map.of("b", value)));
        }
        assertRefused(() -> Document.builder().put("a", 1).put("a", 2));
    }

    @Test
    void itDoesNotChangeWithWhatItWasMadeOf() {
        List<Object> list = new ArrayList<>(List.of(1));
        Map<String, Object> map = new HashMap<>(Map.of("list", list));
        byte[] bytes = {1};
        map.put("bytes", bytes);
        Document document = Document.from(map);
        list.add(2);
        map.put("more", 1);
        bytes[0] = 2;
        assertThat(document).isEqualTo(Document.of("list", List.of(1), "bytes", Bytes.of((byte) 1)));
        assertThatThrownBy(() -> document.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalityTellsTypesApartAndIgnoresTheOrder() {
        assertThat(Document.of("a", 1)).isNotEqualTo(Document.of("a", 1L)).isNotEqualTo(Document.of("a", 1.0));
        assertThat(Document.of("a", new BigDecimal("1.0"))).isNotEqualTo(Document.of("a", new BigDecimal("1.00")));
        assertThat(Document.of("a", null)).isNotEqualTo(Document.empty());
        assertThat(Document.of("a", 1, "b", 2)).isEqualTo(Document.of("b", 2, "a", 1));
        assertThat(Document.of("a", 1, "b", 2).names()).containsExactly("a", "b");
    }

    @Test
    void aHundredLevelsAreTheMost() {
        assertRefused(() -> Document.of("a", nestedMaps(100, 1)));
        assertRefused(() -> Document.of("a", nestedMaps(99, Map.of())));
        assertRefused(() -> Document.of("a", nestedMaps(99, List.of())));
        assertRefused(() -> Document.of("a", nestedMaps(99, Document.empty())));
        Document deepest = Document.of("a", nestedMaps(99, 1));
        assertThat(deepest.depth()).isEqualTo(100);
        assertThat(deepest.with("b", 1).without("b")).isEqualTo(deepest);
        assertRefused(() -> Document.of("a", deepest));
        assertThat(Document.of("a", nestedMaps(98, List.of())).with("b", 1).depth())
                .isEqualTo(100);
        Map<String, Object> circle = new HashMap<>();
        circle.put("again", circle);
        assertRefused(() -> Document.from(circle));
    }

    private static Object nestedMaps(int levels, Object inner) {
        Object value = inner;
        for (int i = 0; i < levels; i++) {
            value = Collections.singletonMap("in", value);
        }
        return value;
    }

    @Test
    void theSizeIsThatOfBson() {
        assertThat(Document.empty().size()).isEqualTo(5);
        assertThat(Document.of("a", null).size()).isEqualTo(5 + 3);
        assertThat(Document.of("a", 1).size()).isEqualTo(5 + 3 + 4);
        assertThat(Document.of("a", "é").size()).isEqualTo(5 + 3 + 4 + 2 + 1);
        assertThat(Document.of("a", Document.of("b", true)).size()).isEqualTo(5 + 3 + 5 + 3 + 1);
        assertThat(Document.of("a", List.of(1L, 2L)).size()).isEqualTo(5 + 3 + 5 + 2 * (3 + 8));
        Document largest = Document.of("a", "x".repeat(Document.MAX_SIZE - 13));
        assertThat(largest.size()).isEqualTo(Document.MAX_SIZE);
        assertRefused(() -> Document.of("a", "x".repeat(Document.MAX_SIZE - 12)));
        assertRefused(() -> largest.with("b", null));
    }

    @Test
    void whatWasReplacedCountsForNothing() {
        Document.Builder builder =
                Document.builder().put("a", nestedMaps(99, 1)).put("b", "x".repeat(10_000_000));
        assertRefused(() -> builder.put("c", "x".repeat(10_000_000)).build());
        Document small = builder.set("a", 1).set("b", 2).build();
        assertThat(small.size())
                .isEqualTo(Document.builder()
                        .put("a", 1)
                        .put("b", 2)
                        .put("c", "x".repeat(10_000_000))
                        .build()
                        .size());
        assertThat(small.depth()).isEqualTo(1);
        assertThat(Document.of("a", nestedMaps(98, small)).depth()).isEqualTo(100);
    }

    @Test
    void typedReadsNameWhatIsWrong() {
        Document document = Document.of("a", 1, "b", null);
        assertThat(document.get("a", Integer.class)).isEqualTo(1);
        assertThat(document.get("absent")).isNull();
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> document.get("a", Long.class));
        assertCode(ErrorCode.NOT_FOUND, () -> document.get("b", Integer.class));
        assertCode(ErrorCode.NOT_FOUND, () -> document.get("absent", Integer.class));
    }

    @Test
    void theTextOfALargeOneIsCut() {
        assertThat(Document.of("a", "x".repeat(100_000)).toString()).hasSizeLessThan(300);
    }

    @Test
    void whatIsSetAfterwardsIsNotInADocumentBuiltBefore() {
        Document.Builder builder = Document.builder().put("a", 1);
        Document before = builder.build();
        Document after = builder.set("a", 2).put("b", 3).build();
        assertThat(before).isEqualTo(Document.of("a", 1));
        assertThat(after).isEqualTo(Document.of("a", 2, "b", 3));
    }
}
