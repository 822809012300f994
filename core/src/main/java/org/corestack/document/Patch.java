package org.corestack.document;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A change to some fields of a document, applied as one. Immutable; engines translate it, and
 * {@link #apply} is its meaning.
 *
 * @param steps at least one; no two touch the same value
 */
public record Patch(List<Step> steps) {
    /**
     * Checks and copies.
     *
     * @throws CoreException INVALID_ARGUMENT if there is no step, or two overlap
     */
    public Patch {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a patch needs a step");
        }
        for (int i = 0; i < steps.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (steps.get(i).path().overlaps(steps.get(j).path())) {
                    throw new CoreException(
                            ErrorCode.INVALID_ARGUMENT,
                            "a patch touches " + steps.get(i).path() + " twice (also by "
                                    + steps.get(j).path() + ")");
                }
            }
        }
    }

    /**
     * Sets a value, making the documents on the way to it where they are missing.
     *
     * @throws CoreException INVALID_ARGUMENT if the value can't be kept
     */
    public static Patch set(FieldPath path, @Nullable Object value) {
        return new Patch(List.of(new Set(path, value)));
    }

    /** Removes a field; nothing happens where it is missing. */
    public static Patch unset(FieldPath path) {
        return new Patch(List.of(new Unset(path)));
    }

    /**
     * Adds to a number, a missing one counting as zero.
     *
     * @throws CoreException INVALID_ARGUMENT if the amount is not a number that can be kept
     */
    public static Patch increment(FieldPath path, Number amount) {
        return new Patch(List.of(new Increment(path, amount)));
    }

    /**
     * The steps of both patches.
     *
     * @throws CoreException INVALID_ARGUMENT if they overlap
     */
    public Patch and(Patch other) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(other.steps);
        return new Patch(all);
    }

    /**
     * The document after this patch.
     *
     * @throws CoreException INVALID_ARGUMENT if a value on the way is not a document, an incremented one
     *     is not a number or overflows, or the result can't be kept
     */
    public Document apply(Document document) {
        Document result = document;
        for (Step step : steps) {
            result = applyAt(result, step, 0);
        }
        return result;
    }

    private static Document applyAt(Document document, Step step, int level) {
        String name = step.path().names().get(level);
        Object current = document.get(name);
        if (level == step.path().names().size() - 1) {
            return step.applyTo(document, name, current);
        }
        if (current == null) {
            if (step instanceof Unset) {
                return document;
            }
            current = Document.empty();
        }
        if (!(current instanceof Document inner)) {
            if (step instanceof Unset) {
                return document;
            }
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the patch of " + step.path() + " goes through " + name + ", which is of type "
                            + ValueType.of(current) + ", not a document");
        }
        return document.with(name, applyAt(inner, step, level + 1));
    }

    /** One change to the value at one path. */
    public sealed interface Step {
        /** Where the value stands. */
        FieldPath path();

        /** The document, which holds the value at {@code name}, after this step. */
        private Document applyTo(Document document, String name, @Nullable Object current) {
            if (this instanceof Set set) {
                return document.with(name, set.value());
            }
            if (this instanceof Increment increment) {
                return document.with(name, increment.add(current));
            }
            return document.without(name);
        }
    }

    /**
     * Sets a value.
     *
     * @param path where
     * @param value the new value
     */
    public record Set(FieldPath path, @Nullable Object value) implements Step {
        /**
         * Brings the value into normal form.
         *
         * @throws CoreException INVALID_ARGUMENT if it can't be kept
         */
        public Set {
            value = Values.normalize(value, "the patch of " + path, path.names().size());
        }
    }

    /**
     * Removes a field.
     *
     * @param path which
     */
    public record Unset(FieldPath path) implements Step {}

    /**
     * Adds to a number. Of two integers the sum has the wider type, a 32 bit one that overflows becoming
     * 64 bit; with a double it is a double, with a decimal a decimal.
     *
     * @param path where the number stands; a missing one counts as zero
     * @param amount Integer, Long, Double or BigDecimal (or what {@link Document.Builder#put} makes these of)
     */
    public record Increment(FieldPath path, Number amount) implements Step {
        /**
         * Brings the amount into normal form.
         *
         * @throws CoreException INVALID_ARGUMENT if it is no number that can be kept
         */
        public Increment {
            Object normal = Values.normalize(amount, "the increment of " + path, 1);
            if (!(normal instanceof Number number)) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the increment of " + path + " is no number");
            }
            amount = number;
        }

        Number add(@Nullable Object current) {
            if (current == null) {
                return amount;
            }
            ValueType type = ValueType.of(current);
            if (!type.isNumber()) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "can't increment " + path + ": it is of type " + type + ", not a number");
            }
            Number number = (Number) current;
            if (number instanceof BigDecimal || amount instanceof BigDecimal) {
                return Values.exact(number).add(Values.exact(amount));
            }
            if (number instanceof Double || amount instanceof Double) {
                return number.doubleValue() + amount.doubleValue();
            }
            return addIntegers(number, amount);
        }

        private Number addIntegers(Number number, Number more) {
            long sum;
            try {
                sum = Math.addExact(number.longValue(), more.longValue());
            } catch (ArithmeticException e) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT, "the increment of " + path + " overflows a 64 bit integer", e);
            }
            boolean narrow = number instanceof Integer && more instanceof Integer && (int) sum == sum;
            return narrow ? (Number) (int) sum : (Number) sum;
        }
    }
}
