package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.document.Refusals.assertInvalid;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps besides set, unset and increment. */
class PatchStepsTest {
    private static final FieldPath V = FieldPath.of("v");
    private static final FieldPath DEEP = FieldPath.of("a.b");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final long MILLIS = NOW.toEpochMilli();

    private static @Nullable Object after(Patch patch, @Nullable Object before) {
        return patch.apply(Document.of("v", before), NOW).get("v");
    }

    private static Document afterMissing(Patch patch) {
        return patch.apply(Document.empty(), NOW);
    }

    @Test
    void maxKeepsTheLarger() {
        assertThat(after(Patch.max(V, 2), 1)).isEqualTo(2);
        assertThat(after(Patch.max(V, 2), 3L)).isEqualTo(3L);
        assertThat(after(Patch.max(V, 2), 2.0)).as("an equal one is kept").isEqualTo(2.0);
        assertThat(after(Patch.max(V, new BigDecimal("2.1")), 2)).isEqualTo(new BigDecimal("2.1"));
        assertThat(after(Patch.max(V, "\ud83d\ude00"), "\uffff"))
                .as("by code point")
                .isEqualTo("\ud83d\ude00");
        assertThat(after(Patch.max(V, NOW), Instant.EPOCH)).isEqualTo(Instant.parse("2026-01-02T03:04:05.678Z"));
        assertThat(after(Patch.max(V, 2), null)).isEqualTo(2);
        assertThat(afterMissing(Patch.max(DEEP, 2))).isEqualTo(Document.of("a", Document.of("b", 2)));
        assertInvalid(() -> after(Patch.max(V, 2), "1"), "the larger of a INT32", "STRING");
        assertInvalid(() -> after(Patch.max(V, 2), List.of(1)), "LIST");
        assertInvalid(() -> Patch.max(V, List.of()), "must be a scalar");
        assertInvalid(() -> new Patch.Max(V, Document.empty()), "must be a scalar");
    }

    @Test
    void serverTimeIsTheDatabasesInMilliseconds() {
        Instant millis = Instant.parse("2026-01-02T03:04:05.678Z");
        assertThat(after(Patch.serverTime(V), "anything")).isEqualTo(millis);
        assertThat(afterMissing(Patch.serverTime(DEEP))).isEqualTo(Document.of("a", Document.of("b", millis)));
    }

    @Test
    void advanceGrowsAndTellsAboutWhen() {
        assertThat(after(Patch.advance(V), null)).isEqualTo(MILLIS);
        assertThat(afterMissing(Patch.advance(V))).isEqualTo(Document.of("v", MILLIS));
        assertThat(after(Patch.advance(V), 5)).isEqualTo(MILLIS);
        assertThat(after(Patch.advance(V), MILLIS - 1)).isEqualTo(MILLIS);
        assertThat(after(Patch.advance(V), MILLIS)).isEqualTo(MILLIS + 1);
        assertThat(after(Patch.advance(V), MILLIS + 5)).isEqualTo(MILLIS + 6);
        assertInvalid(() -> after(Patch.advance(V), Long.MAX_VALUE), "overflows");
        assertInvalid(() -> after(Patch.advance(V), 1.0), "DOUBLE, not an integer");
    }

    @Test
    void appendAddsAtTheEnd() {
        assertThat(after(Patch.append(V, 2), List.of(1))).isEqualTo(List.of(1, 2));
        assertThat(after(Patch.append(V, 1), List.of(1))).isEqualTo(List.of(1, 1));
        assertThat(after(Patch.append(V, null), List.of(1))).isEqualTo(Arrays.asList(1, null));
        assertThat(after(Patch.append(V, Document.of("a", 1)), null)).isEqualTo(List.of(Document.of("a", 1)));
        assertThat(afterMissing(Patch.append(DEEP, List.of())))
                .isEqualTo(Document.of("a", Document.of("b", List.of(List.of()))));
        assertInvalid(() -> after(Patch.append(V, 1), "x"), "STRING, not a list");
        assertInvalid(() -> Patch.append(V, Double.NaN), "the element for v");
    }

    @Test
    void appendIfAbsentComparesByValue() {
        assertThat(after(Patch.appendIfAbsent(V, 1L), List.of(1.0))).isEqualTo(List.of(1.0));
        assertThat(after(Patch.appendIfAbsent(V, "1"), List.of(1))).isEqualTo(List.of(1, "1"));
        assertThat(after(Patch.appendIfAbsent(V, 1), null)).isEqualTo(List.of(1));
        assertThat(after(Patch.appendIfAbsent(V, 1), List.of(List.of(1)))).isEqualTo(List.of(List.of(1), 1));
        assertInvalid(() -> Patch.appendIfAbsent(V, Document.empty()), "must be a scalar");
        assertInvalid(() -> new Patch.Append(V, null, true), "must be a scalar that is not null");
    }

    @Test
    void removeTakesEachThatEquals() {
        assertThat(after(Patch.remove(V, 1), Arrays.asList(1, 2, 1.0, null, "1", List.of(1))))
                .isEqualTo(Arrays.asList(2, null, "1", List.of(1)));
        assertThat(after(Patch.remove(V, 1), List.of())).isEqualTo(List.of());
        assertThat(after(Patch.remove(V, 1), null)).isNull();
        assertThat(afterMissing(Patch.remove(DEEP, 1))).isEqualTo(Document.empty());
        assertInvalid(() -> after(Patch.remove(V, 1), 1), "INT32, not a list");
        assertInvalid(() -> Patch.remove(V, List.of()), "must be a scalar");
    }

    @Test
    void theWayHasToBeDocuments() {
        Document scalar = Document.of("a", 1);
        for (Patch patch : List.of(
                Patch.max(DEEP, 1),
                Patch.serverTime(DEEP),
                Patch.advance(DEEP),
                Patch.append(DEEP, 1),
                Patch.remove(DEEP, 1))) {
            assertInvalid(() -> patch.apply(scalar, NOW), "the patch of a.b goes through a", "not a document");
        }
    }

    @Test
    void keysAndElementsCantBePatched() {
        for (FieldPath path : List.of(FieldPath.key(), FieldPath.key("a"), FieldPath.element())) {
            assertInvalid(() -> Patch.set(path, 1), "a patch is on " + path);
            assertInvalid(() -> Patch.append(path, 1), "a patch is on " + path);
        }
    }

    /** A list that is added to and removed from, beside a list that is kept by hand. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void listsFollowAModel(long seed) {
        Random random = new Random(seed);
        List<Integer> model = new ArrayList<>();
        Document document = Document.empty();
        for (int round = 0; round < 500; round++) {
            int item = random.nextInt(8);
            switch (random.nextInt(3)) {
                case 0 -> {
                    model.add(item);
                    document = Patch.append(V, item).apply(document, NOW);
                }
                case 1 -> {
                    if (!model.contains(item)) {
                        model.add(item);
                    }
                    document = Patch.appendIfAbsent(V, (long) item).apply(document, NOW);
                }
                default -> {
                    model.removeIf(each -> each == item);
                    document = Patch.remove(V, (double) item).apply(document, NOW);
                }
            }
            Object kept = document.get("v");
            List<Integer> list = kept instanceof List<?> some
                    ? some.stream().map(each -> ((Number) each).intValue()).toList()
                    : List.of();
            assertThat(list).as("seed %s, round %s", seed, round).isEqualTo(model);
        }
    }
}
