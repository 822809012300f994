package org.corestack.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instants read by hand are those that the JDK reads. */
class InstantFormTest {
    private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    @Test
    void everyMomentComesBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            Instant instant = Instant.ofEpochMilli(random.nextLong(FIRST, LAST + 1));
            String text = InstantForm.text(instant);
            assertThat(InstantForm.parse(text)).as("seed %d: %s", seed, text).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-01-01T00:00:00.000Z",
                "0000-02-29T00:00:00.000Z",
                "1600-02-29T23:59:59.999Z",
                "1969-12-31T23:59:59.999Z",
                "2024-02-29T12:00:00.001Z",
                "2026-12-31T24:00:00.000Z",
                "9999-12-31T23:59:59.999Z",
                "2026-11-24T15:57:39Z",
                "2026-11-24T15:57:39.123456Z",
                "2026-11-24T15:57:39.1234+01:00",
                "+12026-11-24T15:57:39.1Z"
            })
    void isReadAsTheJdkReadsIt(String text) {
        assertThat(InstantForm.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-13-01T00:00:00.000Z",
                "2026-00-01T00:00:00.000Z",
                "2026-02-29T00:00:00.000Z",
                "2100-02-29T00:00:00.000Z",
                "2026-04-31T00:00:00.000Z",
                "2026-01-00T00:00:00.000Z",
                "2026-01-01T25:00:00.000Z",
                "2026-01-01T00:60:00.000Z",
                "2026-01-01T00:00:61.000Z",
                "2026-01-01 00:00:00.000Z",
                "2026-01-01T00:00:00.000z ",
                "2026-01-01T00:00:00.00aZ",
                "٢٠٢٦-01-01T00:00:00.000Z"
            })
    void whatIsNoMomentIsRefused(String text) {
        assertThatThrownBy(() -> InstantForm.parse(text)).isInstanceOf(DateTimeParseException.class);
    }
}
