package org.corestack.sql;

import java.math.BigDecimal;
import tools.jackson.core.io.NumberOutput;

/** How a double is written as a number of JSON. */
public enum DoubleForm {
    /** As {@link Double#toString} has it: for databases that keep the text. */
    SHORTEST {
        @Override
        public String text(double number) {
            return Double.toString(number);
        }

        @Override
        boolean keeps(double number) {
            return true;
        }
    },
    /**
     * Without an exponent and with a point: for databases that keep the decimal number and its scale. All JVMs write
     * the same, the shortest digits that mean the double; but where 64 bit integers lie closer together than doubles
     * do, all of its digits, so that the two compare by value.
     */
    PLAIN {
        @Override
        public String text(double number) {
            double size = Math.abs(number);
            BigDecimal decimal = size >= 0x1p53 && size <= 0x1p63
                    ? new BigDecimal(number)
                    : new BigDecimal(NumberOutput.toString(number, true)); // JDK 17's own has digits too many at times
            String plain = decimal.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }

        @Override
        boolean keeps(double number) {
            return number != 0 || Double.doubleToRawLongBits(number) == 0;
        }
    };

    /** The number of JSON. */
    public abstract String text(double number);

    /** Whether the number alone says it all, or it has to be tagged: a decimal number has no negative zero. */
    abstract boolean keeps(double number);
}
