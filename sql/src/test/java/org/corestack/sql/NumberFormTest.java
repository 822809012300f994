package org.corestack.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberFormTest {
    @Test
    void twoNumbersCompareAsTheirForms() {
        long seed = new Random().nextLong();
        RandomValues random = new RandomValues(new Random(seed));
        for (int i = 0; i < 60_000; i++) {
            assertOrder(random.number(), random.number(), seed);
        }
    }

    /** Where neighbouring doubles are further apart than integers are. */
    @Test
    void decimalsBetweenTwoDoublesKeepTheirOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long integer = (random.nextLong() >> random.nextInt(12)) / 2;
            BigDecimal decimal = BigDecimal.valueOf(integer).add(new BigDecimal("0.5"));
            long near = integer + random.nextInt(4096) - 2048;
            assertOrder(decimal, near, seed);
            assertOrder(decimal, (double) near, seed);
            assertOrder(decimal, BigDecimal.valueOf(near).subtract(new BigDecimal("0.25")), seed);
        }
    }

    private static void assertOrder(Number left, Number right, long seed) {
        assertThat(Integer.signum(compare(NumberForm.of(left), NumberForm.of(right))))
                .as("seed %d: %s %s, %s %s", seed, left.getClass(), left, right.getClass(), right)
                .isEqualTo(Integer.signum(exact(left).compareTo(exact(right))));
    }

    /** As a database compares: the nearest exactly, whatever the types, then the rest by its bytes. */
    private static int compare(NumberForm left, NumberForm right) {
        int nearest = exact(left.nearest()).compareTo(exact(right.nearest()));
        return nearest != 0 ? nearest : left.rest().compareTo(right.rest());
    }

    private static BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        return number instanceof Double d ? new BigDecimal(d) : BigDecimal.valueOf(number.longValue());
    }

    @Test
    void numbersOtherThanDecimalsStandForThemselves() {
        assertThat(NumberForm.of(5)).isEqualTo(new NumberForm(5L, NumberForm.EQUAL));
        assertThat(NumberForm.of(0.1)).isEqualTo(new NumberForm(0.1, NumberForm.EQUAL));
    }

    @Test
    void decimalsBeyondAllDoublesStandAtTheLastOne() {
        assertThat(NumberForm.of(new BigDecimal("1E+400")).nearest()).isEqualTo(Double.MAX_VALUE);
        assertThat(NumberForm.of(new BigDecimal("-1E+400")).nearest()).isEqualTo(-Double.MAX_VALUE);
    }
}
