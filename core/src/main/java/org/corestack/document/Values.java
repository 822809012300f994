package org.corestack.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Brings what a caller passes in into the normal form of {@link ValueType}, and compares such values. */
final class Values {
    static final int MAX_DEPTH = 100;
    static final int MAX_DIGITS = 34;
    /** The exponents of the IEEE 754 decimal128, which every engine can keep. */
    static final int MAX_SCALE = 6176;

    static final int MIN_SCALE = -6111;
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

    private Values() {}

    /** The normal form of a value, {@code where} being the field that an error names. */
    static @Nullable Object normalize(@Nullable Object value, String where, int depth) {
        if (depth > MAX_DEPTH) {
            throw invalid(where, "is nested more than " + MAX_DEPTH + " levels deep");
        }
        if (value == null || value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            return value;
        }
        if (value instanceof String text) {
            return checkText(text, where);
        }
        if (depth == MAX_DEPTH && (value instanceof Collection<?> || value instanceof Map<?, ?>)) {
            throw invalid(where, "is nested more than " + MAX_DEPTH + " levels deep"); // an empty one is a level too
        }
        if (value instanceof Collection<?> list) {
            return normalizeList(list, where, depth);
        }
        if (value instanceof Document document) {
            if (depth + document.depth() > MAX_DEPTH) {
                throw invalid(where, "is nested more than " + MAX_DEPTH + " levels deep");
            }
            return document;
        }
        if (value instanceof Map<?, ?> map) {
            return Document.from(map, where, depth);
        }
        return normalizeScalar(value, where);
    }

    private static Object normalizeScalar(Object value, String where) {
        if (value instanceof Double number) {
            return checkFinite(number, where);
        }
        if (value instanceof Float number) {
            return checkFinite((double) number, where);
        }
        if (value instanceof BigDecimal number) {
            return checkDecimal(number, where);
        }
        if (value instanceof Instant instant) {
            return checkInstant(instant, where);
        }
        if (value instanceof UUID || value instanceof Bytes) {
            return value;
        }
        if (value instanceof byte[] content) {
            return Bytes.of(content);
        }
        if (value instanceof Short || value instanceof Byte) {
            return ((Number) value).intValue();
        }
        throw invalid(
                where,
                "is a " + value.getClass().getName() + ", which a document can't hold; use null, Boolean, Integer,"
                        + " Long, Double, BigDecimal, String, byte[], UUID, Instant, List, Map or Document");
    }

    private static List<@Nullable Object> normalizeList(Collection<?> list, String where, int depth) {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
            copy.add(normalize(element, where, depth + 1));
        }
        return Collections.unmodifiableList(copy);
    }

    /** Whether a value is in normal form already, as far as can be told at once: no list or document. */
    static boolean isNormalScalar(@Nullable Object value) {
        return value == null
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Boolean
                || (value instanceof String text && isText(text))
                || (value instanceof Double number && Double.isFinite(number));
    }

    /** Whether a text needs no second look: it holds no NUL and no surrogate. */
    static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    static String checkText(String text, String where) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw invalid(where, "holds a NUL character at index " + i);
            }
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    throw invalid(where, "is not well-formed Unicode: a lone surrogate at index " + i);
                }
                i++;
            }
        }
        return text;
    }

    private static Double checkFinite(double number, String where) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw invalid(where, "is " + number + "; only finite numbers can be kept");
        }
        return number;
    }

    private static BigDecimal checkDecimal(BigDecimal number, String where) {
        if (number.precision() > MAX_DIGITS) {
            throw invalid(where, "has " + number.precision() + " digits; at most " + MAX_DIGITS + " can be kept");
        }
        if (number.scale() > MAX_SCALE || number.scale() < MIN_SCALE) {
            throw invalid(
                    where, "has the scale " + number.scale() + "; it must be from " + MIN_SCALE + " to " + MAX_SCALE);
        }
        return number;
    }

    private static Instant checkInstant(Instant instant, String where) {
        if (instant.isBefore(FIRST) || !instant.isBefore(AFTER_LAST)) {
            throw invalid(where, "is an instant outside the years 0 to 9999, which are those that can be kept");
        }
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    private static CoreException invalid(String where, String what) {
        return new CoreException(ErrorCode.INVALID_ARGUMENT, "the value of " + where + " " + what);
    }

    /**
     * Compares two scalars of one class of type: numbers by value, strings by code point, the others
     * by their natural order; null where they are of different classes or not scalars.
     */
    static @Nullable Integer compareWithinClass(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return null;
        }
        ValueType leftType = ValueType.of(left);
        ValueType rightType = ValueType.of(right);
        if (leftType.isNumber() && rightType.isNumber()) {
            return Integer.signum(compareNumbers((Number) left, (Number) right));
        }
        if (leftType != rightType || !leftType.isScalar()) {
            return null;
        }
        return Integer.signum(compareScalars(leftType, left, right));
    }

    /**
     * A total order of values for sorting, in which values of one class stand together and missing ones, being null,
     * come first. Lists and documents are not told apart by it.
     */
    static int compareForSort(@Nullable Object left, @Nullable Object right) {
        Integer within = compareWithinClass(left, right);
        return within != null ? within : sortClass(left).compareTo(sortClass(right));
    }

    private static ValueType sortClass(@Nullable Object value) {
        ValueType type = ValueType.of(value);
        return type.isNumber() ? ValueType.INT32 : type;
    }

    private static int compareScalars(ValueType type, Object left, Object right) {
        return switch (type) {
            case STRING -> compareCodePoints((String) left, (String) right);
            case BOOLEAN -> ((Boolean) left).compareTo((Boolean) right);
            case INSTANT -> ((Instant) left).compareTo((Instant) right);
            case BYTES -> ((Bytes) left).compareTo((Bytes) right);
            case UUID -> compareUuids((UUID) left, (UUID) right);
            default -> throw new CoreException(ErrorCode.UNKNOWN, "not a scalar: " + type);
        };
    }

    /** As unsigned bytes: {@link UUID#compareTo} is signed, and no engine orders them so. */
    private static int compareUuids(UUID left, UUID right) {
        int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
    }

    private static int compareNumbers(Number left, Number right) {
        if (isInteger(left) && isInteger(right)) {
            return Long.compare(left.longValue(), right.longValue());
        }
        if (left instanceof Double a && right instanceof Double b) {
            return a < b ? -1 : a > b ? 1 : 0; // not Double.compare: -0.0 and 0.0 are one number
        }
        return exact(left).compareTo(exact(right));
    }

    private static boolean isInteger(Number number) {
        return number instanceof Integer || number instanceof Long;
    }

    /** The number's exact value: a double's is its binary value, not its shortest text. */
    static BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        return number instanceof Double d ? new BigDecimal(d) : BigDecimal.valueOf(number.longValue());
    }

    /** By code point, as UTF-8 bytes order: {@link String#compareTo} puts surrogates before U+E000. */
    static int compareCodePoints(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean aHigh = Character.isSurrogate(a);
                boolean bHigh = Character.isSurrogate(b);
                return aHigh == bHigh ? Character.compare(a, b) : aHigh ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
