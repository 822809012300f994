package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Filter.Operator;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class FilterTest {
    private static final FieldPath V = FieldPath.of("v");
    private static final Key K = Key.of("k");

    private static boolean matches(Object stored, Operator operator, Object value) {
        return Filter.compare(V, operator, value).matches(K, Document.of("v", stored));
    }

    /** What EQ, LT, LTE, GT and GTE say of a stored value, in this order, one letter each. */
    private static String all(Object stored, Object value) {
        StringBuilder said = new StringBuilder();
        for (Operator operator : Operator.values()) {
            said.append(matches(stored, operator, value) ? 'y' : '-');
        }
        return said.toString();
    }

    private static final String EQUAL = "y-y-y";
    private static final String LESS = "-yy--";
    private static final String GREATER = "---yy";
    private static final String NEITHER = "-----";

    @Test
    void numbersCompareByValue() {
        for (Object one : List.of(1, 1L, 1.0, new BigDecimal("1.00"))) {
            for (Object other : List.of(1, 1L, 1.0, new BigDecimal("1"))) {
                assertThat(all(one, other)).isEqualTo(EQUAL);
            }
            assertThat(all(one, 2L)).isEqualTo(LESS);
            assertThat(all(one, 0.5)).isEqualTo(GREATER);
            assertThat(all(one, new BigDecimal("1.01"))).isEqualTo(LESS);
        }
        assertThat(all(0.0, -0.0)).isEqualTo(EQUAL);
        assertThat(all((1L << 53) + 1, (double) (1L << 53))).isEqualTo(GREATER);
        assertThat(all(Long.MAX_VALUE, 0x1p63)).isEqualTo(LESS);
        assertThat(all(0.1, new BigDecimal("0.1")))
                .as("a double is its binary value")
                .isEqualTo(GREATER);
    }

    @Test
    void otherScalarsCompareWithinTheirClass() {
        assertThat(all("a", "b")).isEqualTo(LESS);
        assertThat(all("\ud83d\ude00", "\uffff")).as("by code point").isEqualTo(GREATER);
        assertThat(all("a", "a\u0001")).isEqualTo(LESS);
        assertThat(all(false, true)).isEqualTo(LESS);
        assertThat(all(Instant.EPOCH, Instant.ofEpochMilli(-1))).isEqualTo(GREATER);
        assertThat(all(new UUID(-1, 0), new UUID(1, 0))).as("as unsigned bytes").isEqualTo(GREATER);
        assertThat(all(Bytes.of((byte) 0x80), Bytes.of((byte) 0x7F))).isEqualTo(GREATER);
        assertThat(all(Bytes.of((byte) 1), Bytes.of((byte) 1, (byte) 0))).isEqualTo(LESS);
    }

    @Test
    void valuesOfDifferentClassesDoNotCompare() {
        List<Object> values = List.of(
                1,
                "1",
                true,
                Instant.ofEpochMilli(1),
                new UUID(0, 1),
                Bytes.of((byte) 1),
                List.of(1),
                Document.of("v", 1));
        for (Object stored : values) {
            for (Object value : values) {
                boolean scalar = !(value instanceof List) && !(value instanceof Document);
                if (scalar && !stored.equals(value)) {
                    assertThat(all(stored, value)).as("%s, %s", stored, value).isEqualTo(NEITHER);
                }
            }
        }
        assertThat(all(List.of(1), 1)).isEqualTo(NEITHER);
        assertThat(all(null, 1)).isEqualTo(NEITHER);
    }

    @Test
    void nullMatchesAMissingFieldToo() {
        Filter isNull = Filter.compare(FieldPath.of("a.b"), Operator.EQ, null);
        assertThat(isNull.matches(K, Document.empty())).isTrue();
        assertThat(isNull.matches(K, Document.of("a", 1))).isTrue();
        assertThat(isNull.matches(K, Document.of("a", List.of(Document.of("b", 1)))))
                .isTrue();
        assertThat(isNull.matches(K, Document.of("a", Document.of("b", null)))).isTrue();
        assertThat(isNull.matches(K, Document.of("a", Document.of("b", 0)))).isFalse();
        assertThat(isNull.matches(K, Document.of("a", Document.of("b", List.of()))))
                .isFalse();
    }

    @Test
    void andMeansAll() {
        Filter between = Filter.compare(V, Operator.GT, 1).and(Filter.compare(V, Operator.LT, 3));
        assertThat(between.matches(K, Document.of("v", 2))).isTrue();
        assertThat(between.matches(K, Document.of("v", 3))).isFalse();
        assertThat(Filter.all().matches(K, Document.empty())).isTrue();
        assertThat(Filter.all().and(between)).isEqualTo(between);
        assertThat(between.and(Filter.all())).isEqualTo(between);
        assertThat(Filter.all().and(Filter.all())).isEqualTo(Filter.all());
    }

    @Test
    void filtersAreValues() {
        assertThat(Filter.compare(V, Operator.EQ, new byte[] {1}))
                .isEqualTo(Filter.compare(V, Operator.EQ, Bytes.of((byte) 1)));
        assertThat(Filter.compare(V, Operator.LT, Instant.parse("2026-01-01T00:00:00.0009Z")))
                .isEqualTo(Filter.compare(V, Operator.LT, Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        assertRefused(() -> Filter.compare(V, Operator.LT, null));
        assertRefused(() -> Filter.compare(V, Operator.EQ, List.of()));
        assertRefused(() -> Filter.compare(V, Operator.EQ, Document.empty()));
        assertRefused(() -> Filter.compare(V, Operator.EQ, Double.NaN));
        for (String path : List.of("", "a.", ".a", "a..b", "a b", "$a", "a.$b", "a-b", "1a", "ä", "a\n")) {
            assertRefused(() -> FieldPath.of(path));
        }
        assertRefused(() -> new FieldPath(List.of()));
        assertRefused(() -> new FieldPath(List.of("a.b")));
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void namesOfIndexesArePerPath() {
        assertThat(Index.on(FieldPath.of("a.b")).name()).isEqualTo("by-a-b");
        String longName = "x".repeat(60);
        Index one = Index.on(FieldPath.of(longName + "a"));
        assertThat(one.name())
                .hasSize(48)
                .isNotEqualTo(Index.on(FieldPath.of(longName + "b")).name());
        assertThat(one).isEqualTo(Index.on(FieldPath.of(longName + "a")));
    }
}
