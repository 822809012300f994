package org.corestack.postgresql;

import java.math.BigDecimal;

/**
 * A parameter of the type numeric, NaN included.
 *
 * @param text as PostgreSQL reads it
 */
record PgNumeric(String text) {
    /** What the driver gives for a numeric column: a decimal, or NaN as a double. */
    static PgNumeric of(Number number) {
        return new PgNumeric(number instanceof BigDecimal decimal ? decimal.toPlainString() : number.toString());
    }
}
