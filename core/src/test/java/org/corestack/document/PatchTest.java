package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class PatchTest {
    private static final FieldPath N = FieldPath.of("n");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

    private static Object sum(Object number, Number amount) {
        return Patch.increment(N, amount).apply(Document.of("n", number), NOW).get("n");
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void setMakesTheWayThere() {
        Document before = Document.of("kept", 1);
        assertThat(Patch.set(FieldPath.of("a.b.c"), 2).apply(before, NOW))
                .isEqualTo(Document.of("kept", 1, "a", Document.of("b", Document.of("c", 2))));
        assertThat(Patch.set(FieldPath.of("a.b"), null).apply(Document.of("a", null), NOW))
                .isEqualTo(Document.of("a", Document.of("b", null)));
        assertRefused(() -> Patch.set(FieldPath.of("kept.b"), 1).apply(before, NOW));
        assertRefused(() -> Patch.set(FieldPath.of("a.b"), 1).apply(Document.of("a", List.of()), NOW));
        assertRefused(() -> Patch.set(N, Double.NaN));
    }

    @Test
    void unsetOfWhatIsNotThereDoesNothing() {
        Document document = Document.of("a", Document.of("b", 1), "n", 1);
        assertThat(Patch.unset(FieldPath.of("a.b")).apply(document, NOW))
                .isEqualTo(Document.of("a", Document.empty(), "n", 1));
        for (String path : List.of("x", "x.y", "n.y", "a.x", "a.b.c")) {
            assertThat(Patch.unset(FieldPath.of(path)).apply(document, NOW)).isEqualTo(document);
        }
    }

    @Test
    void incrementKeepsTheWiderType() {
        assertThat(sum(1, 2)).isEqualTo(3);
        assertThat(sum(1, (short) 2)).isEqualTo(3);
        assertThat(sum(1, 2L)).isEqualTo(3L);
        assertThat(sum(1L, 2)).isEqualTo(3L);
        assertThat(sum(Integer.MIN_VALUE, -1)).isEqualTo(Integer.MIN_VALUE - 1L);
        assertThat(sum(1, 0.5)).isEqualTo(1.5);
        assertThat(sum(1, 0.5f)).isEqualTo(1.5);
        assertThat(sum(0.5, new BigDecimal("1.0"))).isEqualTo(new BigDecimal("1.5"));
        assertThat(sum(new BigDecimal("1.10"), 1)).isEqualTo(new BigDecimal("2.10"));
        assertThat(Patch.increment(FieldPath.of("x.y"), 1L).apply(Document.empty(), NOW))
                .isEqualTo(Document.of("x", Document.of("y", 1L)));
        assertThat(sum(null, 2)).isEqualTo(2);
    }

    @Test
    void whatCannotBeAddedIsRefused() {
        assertRefused(() -> sum("1", 1));
        assertRefused(() -> sum(true, 1));
        assertRefused(() -> sum(List.of(1), 1));
        assertRefused(() -> sum(Long.MAX_VALUE, 1));
        assertRefused(() -> sum(Long.MIN_VALUE, -1L));
        assertRefused(() -> sum(Double.MAX_VALUE, Double.MAX_VALUE));
        assertRefused(() -> sum(new BigDecimal("1E+30"), new BigDecimal("1E-30")));
        assertRefused(() -> Patch.increment(N, Double.NaN));
        assertRefused(() -> Patch.increment(N, new java.util.concurrent.atomic.AtomicInteger(1)));
    }

    @Test
    void allStepsOrNone() {
        Patch patch = Patch.set(FieldPath.of("a"), 1).and(Patch.increment(N, 1));
        Document document = Document.of("n", "text");
        assertRefused(() -> patch.apply(document, NOW));
        assertThat(document).isEqualTo(Document.of("n", "text"));
    }

    @Test
    void stepsMustNotTouchTheSameValue() {
        assertRefused(() -> new Patch(List.of()));
        assertRefused(() -> Patch.set(N, 1).and(Patch.unset(N)));
        assertRefused(() -> Patch.set(FieldPath.of("a"), 1).and(Patch.unset(FieldPath.of("a.b"))));
        assertRefused(() -> Patch.set(FieldPath.of("a.b.c"), 1).and(Patch.unset(FieldPath.of("a.b"))));
        assertThat(Patch.set(FieldPath.of("a.b"), 1)
                        .and(Patch.unset(FieldPath.of("a.c")))
                        .steps())
                .hasSize(2);
        assertThat(Patch.set(FieldPath.of("a"), 1)
                        .and(Patch.unset(FieldPath.of("ab")))
                        .steps())
                .hasSize(2);
    }

    @Test
    void aDocumentThatGrowsBeyondTheLimitsIsRefused() {
        Document document = Document.of("text", "x".repeat(Document.MAX_SIZE - 20));
        assertRefused(() -> Patch.set(FieldPath.of("more"), "0123456789").apply(document, NOW));
        FieldPath deep = FieldPath.of("a" + ".a".repeat(100));
        assertRefused(() -> Patch.set(deep, 1).apply(Document.empty(), NOW));
        assertThat(Patch.set(FieldPath.of("a" + ".a".repeat(99)), 1)
                        .apply(Document.empty(), NOW)
                        .depth())
                .isEqualTo(100);
    }
}
