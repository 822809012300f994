package org.corestack.sqlite;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;

/** Values that are easily mistaken for each other by a database. */
final class Values {
    static final List<Object> SCALARS = List.of(
            0,
            1,
            1L,
            -1,
            -0.0,
            1.0,
            0.1,
            1.5,
            -1.5,
            10,
            9,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            Long.MIN_VALUE,
            (1L << 53) + 1,
            0x1p53,
            0x1p63,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Double.MIN_VALUE,
            new BigDecimal("0.1"),
            new BigDecimal("0.10"),
            new BigDecimal("1.00"),
            new BigDecimal("9007199254740993"),
            new BigDecimal("9007199254740993.1"),
            new BigDecimal("9223372036854775807.5"),
            new BigDecimal("-9223372036854775808.5"),
            new BigDecimal("1E+400"),
            new BigDecimal("-1E+400"),
            new BigDecimal("1E-400"),
            new BigDecimal("-1E-400"),
            true,
            false,
            "",
            "0",
            "1",
            "10",
            "9",
            "true",
            "null",
            "a",
            "A",
            "ab",
            "it's",
            "\uffff",
            "\ud83d\ude00",
            "{}",
            "[]",
            "{\"$t\":\"2026-11-24T12:00:00.000Z\"}",
            "{\"$t\":\"zzz",
            "{\"$u\":\"",
            Instant.parse("2026-11-24T12:00:00Z"),
            Instant.parse("2026-11-24T12:00:00.001Z"),
            Instant.parse("0000-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999Z"),
            new UUID(0, 0),
            new UUID(-1, 0),
            new UUID(1, -1),
            Bytes.of(),
            Bytes.of((byte) 0),
            Bytes.of((byte) 0, (byte) 0),
            Bytes.of((byte) 0x0f),
            Bytes.of((byte) 0xff));

    private Values() {}

    /** What may stand in a field, null and containers among it. */
    static List<Object> all() {
        List<Object> all = new ArrayList<>(SCALARS);
        all.addAll(Arrays.asList(
                null,
                List.of(),
                List.of(1),
                List.of("a"),
                Document.empty(),
                Document.of("b", 1),
                Document.of("$t", "2026-11-24T12:00:00.000Z"),
                Document.of("$n", 1),
                Document.of("$d", "1", "$n", 1)));
        return all;
    }
}
