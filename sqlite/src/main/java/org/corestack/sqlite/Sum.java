package org.corestack.sqlite;

import java.math.BigDecimal;
import java.math.MathContext;
import org.corestack.document.FieldPath;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite has added up.
 *
 * @param total the exact sum
 * @param count of how many numbers
 * @param inexact whether there was a double among them
 * @param decimal whether there was a decimal among them
 */
record Sum(BigDecimal total, long count, boolean inexact, boolean decimal) {
    private static final BigDecimal LOW_RANGE = BigDecimal.valueOf(1L << 32);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);

    /**
     * Puts it together.
     *
     * @param high the sum of the integers' upper halves: that of whole ones may overflow on the way
     * @param low the sum of their lower halves
     * @param integers how many these are
     * @param others what {@link SumFunction} gave
     */
    static Sum of(long high, long low, long integers, String others) {
        int mark = Math.max(others.indexOf('d'), others.indexOf('f'));
        long count = Long.parseLong(others.substring(0, mark));
        BigDecimal rest = new BigDecimal(others.substring(mark + 1));
        BigDecimal whole = BigDecimal.valueOf(high).multiply(LOW_RANGE).add(BigDecimal.valueOf(low));
        return new Sum(whole.add(rest), integers + count, count > 0, others.charAt(mark) == 'd');
    }

    Number sum(FieldPath path) {
        if (decimal) {
            return total.round(MathContext.DECIMAL128);
        }
        if (inexact) {
            return total.doubleValue();
        }
        if (total.compareTo(MOST) > 0 || total.compareTo(LEAST) < 0) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "the sum of the integers at " + path + " overflows 64 bits");
        }
        return total.longValue();
    }

    @Nullable
    Number average() {
        if (count == 0) {
            return null;
        }
        BigDecimal average = total.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128);
        return decimal ? (Number) average : (Number) average.doubleValue();
    }
}
