package org.corestack.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Key;
import org.corestack.document.ValueType;
import org.jspecify.annotations.Nullable;

/** Compares what aggregations came to, with the freedom that their meaning leaves. */
final class Groups {
    private static final Key NONE = Key.of("none");
    private static final FieldPath V = FieldPath.of("v");

    /** From how many digits on a decimal may have been rounded. */
    private static final int DIGITS = 33;

    private Groups() {}

    /**
     * Fails unless the groups are the same, in whatever order; the measures are those of the aggregation. Numbers are the
     * same by value; what is added up is of one type too, and may differ in its last digits, where it is rounded.
     */
    static void assertSame(List<Group> actual, List<Group> expected, Aggregation aggregation) {
        List<Group> left = new ArrayList<>(actual);
        for (Group group : expected) {
            Group same = left.stream()
                    .filter(other -> sameBy(other.by(), group.by()))
                    .findFirst()
                    .orElse(null);
            assertThat(same)
                    .as("%s: the group of %s among %s", aggregation, group.by(), actual)
                    .isNotNull();
            left.remove(same);
            for (int i = 0; i < aggregation.measures().size(); i++) {
                Measure measure = aggregation.measures().get(i);
                assertThat(sameMeasure(
                                measure,
                                requireNonNull(same).values().get(i),
                                group.values().get(i)))
                        .as("%s of %s is %s and should be %s", measure, group.by(), same.values(), group.values())
                        .isTrue();
            }
        }
        assertThat(left).as("groups too many of %s", aggregation).isEmpty();
    }

    private static boolean sameBy(List<@Nullable Object> left, List<@Nullable Object> right) {
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return left.size() == right.size();
    }

    private static boolean sameMeasure(Measure measure, @Nullable Object left, @Nullable Object right) {
        boolean computed = measure.kind() == Kind.SUM || measure.kind() == Kind.AVERAGE;
        if (!computed || left == null || right == null) {
            return same(left, right);
        }
        return left.getClass() == right.getClass() && sameUpToRounding((Number) left, (Number) right);
    }

    private static boolean same(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null || !ValueType.of(right).isScalar()) {
            return Objects.equals(left, right);
        }
        return Filter.compare(V, Operator.EQ, right).matches(NONE, Document.of("v", left));
    }

    private static boolean sameUpToRounding(Number left, Number right) {
        BigDecimal one = exact(left);
        BigDecimal other = exact(right);
        boolean real = left instanceof Double;
        if (!real && (left instanceof Long || Math.max(one.precision(), other.precision()) < DIGITS)) {
            return one.compareTo(other) == 0;
        }
        BigDecimal tolerance = other.abs().multiply(new BigDecimal(real ? "1E-14" : "1E-32"));
        return one.subtract(other).abs().compareTo(tolerance) <= 0;
    }

    private static BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        return number instanceof Double real ? new BigDecimal(real) : BigDecimal.valueOf(number.longValue());
    }
}
