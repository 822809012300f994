package org.corestack.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A number as two values that a database compares exactly, one after the other.
 *
 * <p>The first is the nearest among all doubles and all 64 bit integers, which is the number itself for
 * everything but decimals; rounding to one fixed set keeps the order (rounding to an integer where one is
 * near and to a double elsewhere would not). The second tells decimals apart that were rounded to the same:
 * {@value #EQUAL} for the number itself, a text that starts with 0 below it and with 2 above it, and within
 * these ordered as the decimals are.
 *
 * @param nearest Long or Double
 * @param rest compared as text, by bytes
 */
public record NumberForm(Number nearest, String rest) {
    /** The rest of a number that needs none. */
    public static final String EQUAL = "1";

    private static final BigDecimal EXACT_DOUBLES = BigDecimal.valueOf(1L << 53);
    private static final BigDecimal LONGS = BigDecimal.valueOf(2).pow(63);
    private static final int EXPONENT_BIAS = 50_000;

    /** The form of a number in a document's normal form. */
    public static NumberForm of(Number number) {
        if (number instanceof BigDecimal decimal) {
            return ofDecimal(decimal);
        }
        return new NumberForm(number instanceof Double ? number : (Number) number.longValue(), EQUAL);
    }

    private static NumberForm ofDecimal(BigDecimal decimal) {
        Number nearest = nearest(decimal);
        BigDecimal exact = nearest instanceof Long
                ? BigDecimal.valueOf(nearest.longValue())
                : new BigDecimal(nearest.doubleValue());
        int sign = decimal.compareTo(exact);
        return new NumberForm(nearest, sign == 0 ? EQUAL : (sign < 0 ? "0" : "2") + ordered(decimal));
    }

    private static Number nearest(BigDecimal decimal) {
        BigDecimal size = decimal.abs();
        if (size.compareTo(EXACT_DOUBLES) >= 0 && size.compareTo(LONGS) < 0) {
            BigInteger integer = decimal.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
            return integer.bitLength() < 64 ? (Number) integer.longValue() : (Number) integer.doubleValue();
        }
        double nearest = decimal.doubleValue();
        if (Double.isInfinite(nearest)) {
            return Math.copySign(Double.MAX_VALUE, nearest);
        }
        boolean integral = nearest == Math.rint(nearest) && Math.abs(nearest) < 0x1p53;
        return integral ? (Number) (long) nearest : (Number) nearest;
    }

    /** Text that orders as the decimals do, among such as have the same sign. */
    private static String ordered(BigDecimal decimal) {
        BigDecimal plain = decimal.stripTrailingZeros();
        int exponent = plain.precision() - plain.scale() + EXPONENT_BIAS;
        String digits = plain.unscaledValue().abs().toString();
        if (plain.signum() > 0) {
            return exponent + digits;
        }
        StringBuilder inverted = new StringBuilder();
        for (char c : (exponent + digits).toCharArray()) {
            inverted.append((char) ('0' + '9' - c));
        }
        return inverted.append('~').toString(); // above all digits: of two negatives the one with fewer is larger
    }
}
