package org.corestack.document;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.Aggregation.Measure;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What aggregations mean, in memory. */
final class AggregationMeaning {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);

    private AggregationMeaning() {}

    static List<Group> groups(Aggregation aggregation, Iterable<StoredDocument> documents) {
        Map<List<@Nullable Object>, List<StoredDocument>> members = new TreeMap<>(AggregationMeaning::compare);
        if (aggregation.by().isEmpty()) {
            members.put(List.of(), new ArrayList<>());
        }
        for (StoredDocument document : documents) {
            List<@Nullable Object> by = new ArrayList<>();
            aggregation.by().forEach(path -> by.add(path.read(document.key(), document.document())));
            members.computeIfAbsent(by, none -> new ArrayList<>()).add(document);
        }
        List<Group> groups = new ArrayList<>();
        for (Map.Entry<List<@Nullable Object>, List<StoredDocument>> group : members.entrySet()) {
            List<@Nullable Object> values = new ArrayList<>();
            aggregation.measures().forEach(measure -> values.add(value(measure, group.getValue())));
            groups.add(new Group(group.getKey(), values));
        }
        return Collections.unmodifiableList(groups);
    }

    private static int compare(List<@Nullable Object> left, List<@Nullable Object> right) {
        for (int i = 0; i < left.size(); i++) {
            int sign = Values.compareForSort(left.get(i), right.get(i));
            if (sign != 0) {
                return sign;
            }
        }
        return 0;
    }

    private static @Nullable Object value(Measure measure, List<StoredDocument> documents) {
        FieldPath path = measure.path();
        if (path == null) {
            return (long) documents.size();
        }
        List<Object> scalars = new ArrayList<>();
        for (StoredDocument document : documents) {
            Object value = path.read(document.key(), document.document());
            if (value != null && ValueType.of(value).isScalar()) {
                scalars.add(value);
            }
        }
        if (measure.kind() == Kind.MIN) {
            return scalars.isEmpty() ? null : Collections.min(scalars, Values::compareForSort);
        }
        if (measure.kind() == Kind.MAX) {
            return scalars.isEmpty() ? null : Collections.max(scalars, Values::compareForSort);
        }
        List<Number> numbers = scalars.stream()
                .filter(Number.class::isInstance)
                .map(Number.class::cast)
                .toList();
        return measure.kind() == Kind.SUM ? sum(path, numbers) : average(numbers);
    }

    private static Number sum(FieldPath path, List<Number> numbers) {
        if (numbers.stream().anyMatch(BigDecimal.class::isInstance)) {
            return exactSum(numbers).round(MathContext.DECIMAL128);
        }
        if (numbers.stream().anyMatch(Double.class::isInstance)) {
            return exactSum(numbers).doubleValue();
        }
        BigDecimal sum = exactSum(numbers);
        if (sum.compareTo(MOST) > 0 || sum.compareTo(LEAST) < 0) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "the sum of the integers at " + path + " overflows 64 bits");
        }
        return sum.longValue();
    }

    private static @Nullable Number average(List<Number> numbers) {
        if (numbers.isEmpty()) {
            return null;
        }
        BigDecimal average = exactSum(numbers).divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL128);
        boolean decimal = numbers.stream().anyMatch(BigDecimal.class::isInstance);
        return decimal ? (Number) average : (Number) average.doubleValue();
    }

    private static BigDecimal exactSum(List<Number> numbers) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Number number : numbers) {
            sum = sum.add(Values.exact(number));
        }
        return sum;
    }
}
