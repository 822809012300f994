package org.corestack.sqlite;

import java.math.BigDecimal;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * The exact sum of doubles (as SQLite's reals) and decimals (as texts), which SQLite itself would round; others count
 * for nothing. The result is what {@link Sum} reads. SQLite uses a copy of this object for each group.
 */
final class SumFunction extends Function.Aggregate {
    static final String NAME = "corestack_sum";

    private static final int REAL = 2;
    private static final int TEXT = 3;

    private @Nullable BigDecimal sum;
    private long count;
    private boolean decimal;

    @Override
    protected void xStep() throws SQLException {
        int type = value_type(0);
        if (type == TEXT) {
            decimal = true;
            add(new BigDecimal(value_text(0)));
        } else if (type == REAL) {
            add(new BigDecimal(value_double(0)));
        }
    }

    private void add(BigDecimal number) {
        sum = sum == null ? number : sum.add(number);
        count++;
    }

    @Override
    protected void xFinal() throws SQLException {
        result(count + (decimal ? "d" : "f") + (sum == null ? "0" : sum.toString()));
    }
}
