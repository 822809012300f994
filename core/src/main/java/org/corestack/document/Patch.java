package org.corestack.document;

import java.time.Instant;
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
     * @throws CoreException INVALID_ARGUMENT if there is no step, two overlap, or one is on a key
     */
    public Patch {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a patch needs a step");
        }
        for (int i = 0; i < steps.size(); i++) {
            FieldPath path = steps.get(i).path().ofDocument("a patch");
            for (int j = 0; j < i; j++) {
                if (path.overlaps(steps.get(j).path())) {
                    throw new CoreException(
                            ErrorCode.INVALID_ARGUMENT,
                            "a patch touches " + path + " twice (also by "
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
     * Raises a value to another where that is larger or the value is missing.
     *
     * @throws CoreException INVALID_ARGUMENT if the other value is no scalar that can be kept
     */
    public static Patch max(FieldPath path, Object value) {
        return new Patch(List.of(new Max(path, value)));
    }

    /** Sets the database's time, as an instant. */
    public static Patch serverTime(FieldPath path) {
        return new Patch(List.of(new ServerTime(path)));
    }

    /** Sets the larger of the integer plus one and the database's time in milliseconds since 1970. */
    public static Patch advance(FieldPath path) {
        return new Patch(List.of(new Advance(path)));
    }

    /**
     * Adds an element at the end of a list, a missing one counting as empty.
     *
     * @throws CoreException INVALID_ARGUMENT if the element can't be kept
     */
    public static Patch append(FieldPath path, @Nullable Object element) {
        return new Patch(List.of(new Append(path, element, false)));
    }

    /**
     * Adds a scalar at the end of a list if no element equals it, a missing list counting as empty.
     *
     * @throws CoreException INVALID_ARGUMENT if the element is no scalar that can be kept
     */
    public static Patch appendIfAbsent(FieldPath path, Object element) {
        return new Patch(List.of(new Append(path, element, true)));
    }

    /**
     * Removes each element of a list that equals a scalar; nothing happens where the list is missing.
     *
     * @throws CoreException INVALID_ARGUMENT if the element is no scalar that can be kept
     */
    public static Patch remove(FieldPath path, Object element) {
        return new Patch(List.of(new Remove(path, element)));
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
     * @param serverTime the database's time
     * @throws CoreException INVALID_ARGUMENT if a value on the way is not a document, the value does not fit the step
     *     (see each), or the result can't be kept
     */
    public Document apply(Document document, Instant serverTime) {
        return PatchMeaning.apply(this, document, serverTime);
    }

    /** One change to the value at one path, of which a null counts as missing. */
    public sealed interface Step {
        /** Where the value stands. */
        FieldPath path();
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
     * 64 bit, and a 64 bit one that overflows being refused; with a double it is a double, with a decimal a decimal.
     *
     * @param path where the number stands; a missing one counts as zero, another value is refused
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
    }

    /**
     * Sets a value unless a larger or equal one is there already.
     *
     * @param path where; a value of another class of type is refused
     * @param value a scalar
     */
    public record Max(FieldPath path, Object value) implements Step {
        /**
         * Brings the value into normal form.
         *
         * @throws CoreException INVALID_ARGUMENT if it is no scalar that can be kept
         */
        public Max {
            value = PatchMeaning.scalar(value, "the maximum at " + path);
        }
    }

    /**
     * Sets the database's time, an instant in whole milliseconds.
     *
     * @param path where
     */
    public record ServerTime(FieldPath path) implements Step {}

    /**
     * Sets the larger of the value plus one and the database's milliseconds since 1970, a 64 bit integer: what only
     * grows, and tells about when.
     *
     * @param path where; what is neither missing nor an integer is refused
     */
    public record Advance(FieldPath path) implements Step {}

    /**
     * Adds an element at the end of a list.
     *
     * @param path where; what is neither missing nor a list is refused
     * @param element the element
     * @param ifAbsent whether nothing happens where an element equals it; it is a scalar then
     */
    public record Append(FieldPath path, @Nullable Object element, boolean ifAbsent) implements Step {
        /**
         * Brings the element into normal form.
         *
         * @throws CoreException INVALID_ARGUMENT if it can't be kept, or is to be compared and is no scalar
         */
        public Append {
            String where = "the element for " + path;
            element = ifAbsent
                    ? PatchMeaning.scalar(element, where)
                    : Values.normalize(element, where, path.names().size() + 1);
        }
    }

    /**
     * Removes each element of a list that equals a scalar.
     *
     * @param path where; what is neither missing nor a list is refused
     * @param element the scalar
     */
    public record Remove(FieldPath path, Object element) implements Step {
        /**
         * Brings the element into normal form.
         *
         * @throws CoreException INVALID_ARGUMENT if it is no scalar that can be kept
         */
        public Remove {
            element = PatchMeaning.scalar(element, "the element for " + path);
        }
    }
}
