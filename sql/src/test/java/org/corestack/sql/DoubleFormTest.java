package org.corestack.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.corestack.document.Document;
import org.junit.jupiter.api.Test;

class DoubleFormTest {
    private static final DoubleForm PLAIN = DoubleForm.PLAIN;

    @Test
    void plainFormsHaveAPointAndNoExponent() {
        assertThat(PLAIN.text(1)).isEqualTo("1.0");
        assertThat(PLAIN.text(-12345678)).isEqualTo("-12345678.0");
        assertThat(PLAIN.text(0.1)).isEqualTo("0.1");
        assertThat(PLAIN.text(1e22)).isEqualTo("1" + "0".repeat(22) + ".0");
        assertThat(PLAIN.text(1e300)).isEqualTo("1" + "0".repeat(300) + ".0");
        assertThat(PLAIN.text(1e-300)).isEqualTo("0." + "0".repeat(299) + "10");
        assertThat(PLAIN.text(Double.parseDouble("2e23")))
                .isEqualTo("2" + "0".repeat(23) + ".0"); // JDK 17: 1.9999999999999998E23
    }

    /** A database compares these digits: as values compare, also with integers that no double is. */
    @Test
    void plainFormsCompareAsTheNumbersDo() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long integer = random.nextLong() >> random.nextInt(12);
            double number = (double) (integer + random.nextInt(4096) - 2048);
            assertThat(new BigDecimal(PLAIN.text(number)).compareTo(BigDecimal.valueOf(integer)))
                    .as("seed %s: %s and %s", seed, number, integer)
                    .isEqualTo(new BigDecimal(number).compareTo(BigDecimal.valueOf(integer)));
            double other = Math.nextUp(Double.longBitsToDouble(random.nextLong()));
            if (Double.isFinite(other) && Double.isFinite(Math.nextUp(other))) {
                assertThat(new BigDecimal(PLAIN.text(other)))
                        .isLessThan(new BigDecimal(PLAIN.text(Math.nextUp(other))));
                assertThat(Double.parseDouble(PLAIN.text(other))).isEqualTo(other);
            }
        }
    }

    @Test
    void aNegativeZeroIsTagged() {
        JsonCodec codec = new JsonCodec(PLAIN);
        StoredJson stored = codec.encode(Document.of("v", -0.0));
        assertThat(stored.doc()).isEqualTo("{\"v\":{\"$f\":\"-0.0\",\"$n\":0.0}}");
        assertThat(codec.decode(stored.doc(), null)).isEqualTo(Document.of("v", -0.0));
    }
}
