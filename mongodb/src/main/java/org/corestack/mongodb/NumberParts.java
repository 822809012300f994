package org.corestack.mongodb;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.bson.BsonWriter;
import org.corestack.document.FieldPath;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a group at one path, as parts from which a sum comes out exactly or that tell that it does not.
 *
 * <p>The server's own sum of integers becomes a double where it overflows, and one of decimals is rounded at each step.
 * So integers are added up as decimals, which are exact up to 34 digits; and a sum of decimals is known to be exact where
 * the largest of them, their number and their last digit together need no more digits than that.
 */
final class NumberParts {
    /** Stands for a figure that the parts do not tell exactly. */
    static final Object INEXACT = new Object();

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final int DIGITS = 34;
    /** Numbers of digits behind the point, of which it is looked whether all decimals have no more. */
    private static final int[] SCALES = {0, 6, 12, 18};

    private static final List<String> INTEGERS = List.of("int", "long");
    private static final List<String> DECIMAL = List.of("decimal");
    private static final List<String> DOUBLE = List.of("double");

    private final String field;
    private final Map<String, @Nullable Object> parts;

    /**
     * Those of a group.
     *
     * @param field under which names they stand
     * @param parts all of the group
     */
    NumberParts(String field, Map<String, @Nullable Object> parts) {
        this.field = field;
        this.parts = parts;
    }

    /** Writes the accumulators of the parts. */
    static void write(BsonWriter out, String field) {
        String value = "$" + field;
        writeCount(out, field + "integers", value, INTEGERS);
        writeCount(out, field + "decimals", value, DECIMAL);
        writeCount(out, field + "doubles", value, DOUBLE);
        Raw.nested(out, field + "real", () -> out.writeString("$sum", value));
        writeOf(
                out,
                field + "whole",
                "$sum",
                value,
                INTEGERS,
                () -> Raw.operation(out, () -> out.writeString("$toDecimal", value)));
        writeOf(out, field + "exact", "$sum", value, DECIMAL, () -> out.writeString(value));
        writeOf(
                out,
                field + "largest",
                "$max",
                value,
                DECIMAL,
                () -> Raw.operation(out, () -> out.writeString("$abs", value)));
        for (int scale : SCALES) {
            writeOf(out, field + "beyond" + scale, "$sum", value, DECIMAL, () -> writeIsBeyond(out, value, scale));
        }
    }

    private static void writeCount(BsonWriter out, String name, String value, List<String> types) {
        writeOf(out, name, "$sum", value, types, () -> out.writeInt32(1));
    }

    /** An accumulator of something of the values of some types. */
    private static void writeOf(
            BsonWriter out, String name, String operator, String value, List<String> types, Runnable something) {
        Raw.nested(out, name, () -> {
            out.writeStartDocument(operator);
            out.writeStartArray("$cond");
            Raw.writeIsOfType(out, value, types);
            something.run();
            out.writeNull();
            out.writeEndArray();
            out.writeEndDocument();
        });
    }

    /** 1 for a decimal that has more digits behind the point. */
    private static void writeIsBeyond(BsonWriter out, String value, int scale) {
        Raw.operation(out, () -> {
            out.writeStartArray("$cond");
            Raw.operation(out, () -> {
                out.writeStartArray("$eq");
                Raw.operation(out, () -> {
                    out.writeStartArray("$round");
                    out.writeString(value);
                    out.writeInt32(scale);
                    out.writeEndArray();
                });
                out.writeString(value);
                out.writeEndArray();
            });
            out.writeInt32(0);
            out.writeInt32(1);
            out.writeEndArray();
        });
    }

    /** The sum; {@link #INEXACT} if the parts do not tell. */
    Object sum(FieldPath path) {
        BigDecimal whole = decimal("whole");
        if (count("decimals") > 0) {
            return count("doubles") == 0 && isExact()
                    ? whole.add(decimal("exact")).round(MathContext.DECIMAL128)
                    : INEXACT;
        }
        if (count("doubles") > 0) {
            double sum = real();
            return Double.isFinite(sum) ? sum : INEXACT;
        }
        if (whole.compareTo(MOST) > 0 || whole.compareTo(LEAST) < 0) {
            throw CoreException.invalidArgument("the sum of the integers at " + path + " overflows 64 bits");
        }
        return whole.longValueExact();
    }

    /** The average, null of none; {@link #INEXACT} if the parts do not tell. */
    @Nullable
    Object average() {
        long numbers = count("integers") + count("decimals") + count("doubles");
        if (numbers == 0) {
            return null;
        }
        boolean isDecimal = count("decimals") > 0;
        if (isDecimal && (count("doubles") > 0 || !isExact())) {
            return INEXACT;
        }
        BigDecimal sum;
        if (count("doubles") > 0) {
            if (!Double.isFinite(real())) {
                return INEXACT;
            }
            sum = new BigDecimal(real());
        } else {
            sum = decimal("whole").add(decimal("exact"));
        }
        BigDecimal average = sum.divide(BigDecimal.valueOf(numbers), MathContext.DECIMAL128);
        return isDecimal ? (Number) average : (Number) average.doubleValue();
    }

    /** Whether no partial sum of the decimals, in whatever order, needs more digits than there are. */
    private boolean isExact() {
        BigDecimal largest = decimal("largest");
        int before = Math.max(1, largest.precision() - largest.scale()) + digits(count("decimals"));
        for (int scale : SCALES) {
            if (count("beyond" + scale) == 0) {
                return before + scale <= DIGITS;
            }
        }
        return false;
    }

    private static int digits(long number) {
        return Long.toString(number).length();
    }

    private long count(String part) {
        return parts.get(field + part) instanceof Number number ? number.longValue() : 0;
    }

    private BigDecimal decimal(String part) {
        Object value = parts.get(field + part);
        return value instanceof BigDecimal decimal
                ? decimal
                : BigDecimal.valueOf(value instanceof Number number ? number.longValue() : 0);
    }

    private double real() {
        return parts.get(field + "real") instanceof Number number ? number.doubleValue() : 0;
    }
}
