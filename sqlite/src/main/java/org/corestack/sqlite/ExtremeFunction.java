package org.corestack.sqlite;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * The smallest or the largest value, where SQLite's own functions know of one column only and lose the type: compares
 * by value and rest, as an index does, and gives the JSON of the best, a line feed, and which small integers of its
 * document are 64 bit ones. NULL of no values. SQLite uses a copy of this object for each group.
 */
final class ExtremeFunction extends Function.Aggregate {
    /** Value, rest, JSON, longs. */
    static final int ARGUMENTS = 4;

    private static final int INTEGER = 1;
    private static final int REAL = 2;
    private static final int TEXT = 3;

    private final boolean largest;
    private @Nullable Object value;
    private @Nullable String rest;
    private @Nullable String best;

    ExtremeFunction(boolean largest) {
        this.largest = largest;
    }

    static String name(boolean largest) {
        return largest ? "corestack_max" : "corestack_min";
    }

    @Override
    protected void xStep() throws SQLException {
        Object other = read();
        String otherRest = value_text(1);
        if (value != null) {
            int sign = compare(other, value);
            if (sign == 0) {
                sign = otherRest.compareTo(Objects.requireNonNull(rest));
            }
            if (largest ? sign <= 0 : sign >= 0) {
                return;
            }
        }
        value = other;
        rest = otherRest;
        String longs = value_text(3);
        best = value_text(2) + "\n" + (longs == null ? "" : longs);
    }

    private Object read() throws SQLException {
        return switch (value_type(0)) {
            case INTEGER -> value_long(0);
            case REAL -> value_double(0);
            case TEXT -> value_text(0);
            default -> value_blob(0);
        };
    }

    /** In SQLite's order: numbers, texts, bytes. */
    private static int compare(Object left, Object right) {
        int sign = Integer.compare(rank(left), rank(right));
        if (sign != 0) {
            return sign;
        }
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        }
        if (left instanceof Number a && right instanceof Number b) {
            return exact(a).compareTo(exact(b));
        }
        return Arrays.compareUnsigned(bytes(left), bytes(right));
    }

    private static int rank(Object value) {
        return value instanceof Number ? 0 : value instanceof String ? 1 : 2;
    }

    private static BigDecimal exact(Number number) {
        return number instanceof Long integer ? BigDecimal.valueOf(integer) : new BigDecimal(number.doubleValue());
    }

    private static byte[] bytes(Object value) {
        return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value;
    }

    @Override
    protected void xFinal() throws SQLException {
        if (best == null) {
            result();
        } else {
            result(best);
        }
    }
}
