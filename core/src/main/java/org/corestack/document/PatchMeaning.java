package org.corestack.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What patches mean, in memory. */
final class PatchMeaning {
    private PatchMeaning() {}

    static Document apply(Patch patch, Document document, Instant serverTime) {
        Document result = document;
        for (Patch.Step step : patch.steps()) {
            result = applyAt(result, step, serverTime, 0);
        }
        return result;
    }

    private static Document applyAt(Document document, Patch.Step step, Instant now, int level) {
        String name = step.path().names().get(level);
        Object current = document.get(name);
        if (level == step.path().names().size() - 1) {
            return applyTo(document, name, current, step, now);
        }
        boolean removes = step instanceof Patch.Unset || step instanceof Patch.Remove;
        if (current == null && removes) {
            return document;
        }
        if (current == null) {
            current = Document.empty();
        }
        if (!(current instanceof Document inner)) {
            if (step instanceof Patch.Unset) {
                return document;
            }
            throw misfit(
                    step, "goes through " + name + ", which is of type " + ValueType.of(current) + ", not a document");
        }
        return document.with(name, applyAt(inner, step, now, level + 1));
    }

    private static Document applyTo(
            Document document, String name, @Nullable Object current, Patch.Step step, Instant now) {
        if (step instanceof Patch.Unset || (step instanceof Patch.Remove && current == null)) {
            return step instanceof Patch.Unset ? document.without(name) : document;
        }
        return document.with(name, after(step, current, now));
    }

    private static @Nullable Object after(Patch.Step step, @Nullable Object current, Instant now) {
        if (step instanceof Patch.Set set) {
            return set.value();
        }
        if (step instanceof Patch.Increment increment) {
            return increment(increment, current);
        }
        if (step instanceof Patch.Max max) {
            return max(max, current);
        }
        if (step instanceof Patch.ServerTime) {
            return now.truncatedTo(ChronoUnit.MILLIS);
        }
        if (step instanceof Patch.Advance advance) {
            return advance(advance, current, now.toEpochMilli());
        }
        return step instanceof Patch.Append append ? append(append, current) : remove((Patch.Remove) step, current);
    }

    private static Number increment(Patch.Increment step, @Nullable Object current) {
        if (current == null) {
            return step.amount();
        }
        if (!(current instanceof Number number)) {
            throw misfit(step, "increments what is of type " + ValueType.of(current) + ", not a number");
        }
        Number amount = step.amount();
        if (number instanceof BigDecimal || amount instanceof BigDecimal) {
            return Values.exact(number).add(Values.exact(amount));
        }
        if (number instanceof Double || amount instanceof Double) {
            return number.doubleValue() + amount.doubleValue();
        }
        long sum = addExact(step, number.longValue(), amount.longValue());
        boolean narrow = number instanceof Integer && amount instanceof Integer && (int) sum == sum;
        return narrow ? (Number) (int) sum : (Number) sum;
    }

    private static Object max(Patch.Max step, @Nullable Object current) {
        if (current == null) {
            return step.value();
        }
        Integer sign = Values.compareWithinClass(current, step.value());
        if (sign == null) {
            throw misfit(
                    step,
                    "takes the larger of a " + ValueType.of(step.value()) + " and what is of type "
                            + ValueType.of(current));
        }
        return sign >= 0 ? current : step.value();
    }

    private static Long advance(Patch.Advance step, @Nullable Object current, long millis) {
        if (current == null) {
            return millis;
        }
        if (!(current instanceof Integer) && !(current instanceof Long)) {
            throw misfit(step, "advances what is of type " + ValueType.of(current) + ", not an integer");
        }
        return Math.max(addExact(step, ((Number) current).longValue(), 1), millis);
    }

    private static List<@Nullable Object> append(Patch.Append step, @Nullable Object current) {
        List<@Nullable Object> list = list(step, current);
        if (!step.ifAbsent() || list.stream().noneMatch(element -> same(element, step.element()))) {
            list.add(step.element());
        }
        return list;
    }

    private static List<@Nullable Object> remove(Patch.Remove step, @Nullable Object current) {
        List<@Nullable Object> list = list(step, current);
        list.removeIf(element -> same(element, step.element()));
        return list;
    }

    private static List<@Nullable Object> list(Patch.Step step, @Nullable Object current) {
        if (current == null) {
            return new ArrayList<>();
        }
        if (current instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw misfit(step, "changes the elements of what is of type " + ValueType.of(current) + ", not a list");
    }

    private static boolean same(@Nullable Object element, @Nullable Object scalar) {
        Integer sign = Values.compareWithinClass(element, scalar);
        return sign != null && sign == 0;
    }

    private static long addExact(Patch.Step step, long number, long amount) {
        try {
            return Math.addExact(number, amount);
        } catch (ArithmeticException e) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "the patch of " + step.path() + " overflows a 64 bit integer", e);
        }
    }

    private static CoreException misfit(Patch.Step step, String what) {
        return new CoreException(ErrorCode.INVALID_ARGUMENT, "the patch of " + step.path() + " " + what);
    }

    /** A scalar in normal form. */
    static Object scalar(@Nullable Object value, String where) {
        Object normal = Values.normalize(value, where, 1);
        if (normal == null || !ValueType.of(normal).isScalar()) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    where + " is of type " + ValueType.of(normal) + "; it must be a scalar that is not null");
        }
        return normal;
    }
}
