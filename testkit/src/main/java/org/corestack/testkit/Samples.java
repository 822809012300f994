package org.corestack.testkit;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.jspecify.annotations.Nullable;

/** Values of every type, with those at which engines have been seen to go wrong. */
final class Samples {
    private static final List<Object> NUMBERS = List.of(
            0,
            1,
            -1,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            0L,
            1L,
            (long) Integer.MAX_VALUE + 1,
            (1L << 53) + 1,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            Long.MIN_VALUE,
            Long.MIN_VALUE + 1,
            0.0,
            -0.0,
            1.0,
            1.5,
            0.1,
            -1e-300,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            9007199254740992.0,
            0x1p63,
            new BigDecimal("0"),
            new BigDecimal("0.00"),
            new BigDecimal("1"),
            new BigDecimal("1.10"),
            new BigDecimal("1.1"),
            new BigDecimal("0.1"),
            new BigDecimal("-123456789.5"),
            new BigDecimal("9007199254740993"),
            new BigDecimal("9223372036854775808"),
            new BigDecimal("1234567890123456789012345678901234"),
            new BigDecimal("-0.1234567890123456789012345678901234"),
            new BigDecimal("12E+3"),
            new BigDecimal("1E+6111"),
            new BigDecimal("-1E-6176"),
            new BigDecimal("9.999999999999999999999999999999999E+6144"));

    private static final List<Object> TEXTS = List.of(
            "",
            " ",
            "a",
            "A",
            "a ",
            "b",
            "ab",
            "ä",
            "a\u0308",
            "ß",
            "\u0001",
            "\t\n\r",
            "'; DROP TABLE things; --",
            "\"quoted\" and \\ and `",
            "$ref",
            "%",
            "1",
            "true",
            "null",
            "\ue000",
            "\uffff",
            "\ud83d\ude00",
            "\ud800\udc00",
            "\udbff\udfff",
            "\u202e\u200b\ufeff",
            "x".repeat(3_000));

    private static final List<Object> OTHERS = List.of(
            true,
            false,
            Instant.parse("1970-01-01T00:00:00Z"),
            Instant.parse("1969-12-31T23:59:59.999Z"),
            Instant.parse("0000-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999Z"),
            Instant.parse("2026-11-24T12:00:00.120Z"),
            new UUID(0, 0),
            new UUID(-1, -1),
            new UUID(Long.MIN_VALUE, 1),
            new UUID(1, Long.MIN_VALUE),
            UUID.fromString("123e4567-e89b-42d3-a456-426614174000"),
            Bytes.of(),
            Bytes.of((byte) 0),
            Bytes.of((byte) 0, (byte) 0),
            Bytes.of((byte) 0xFF),
            Bytes.of((byte) 1, (byte) 0, (byte) 0x80));

    /** Names that mean something to one engine or another. */
    static final List<String> ODD_NAMES = List.of(
            "a.b",
            ".",
            "a.",
            "$set",
            "$",
            "_id",
            "key",
            "version",
            "it's",
            "say \"so\"",
            "back\\slash",
            "back`tick",
            "x; DROP TABLE things",
            " ",
            "\n",
            "?",
            "%s",
            "[0]",
            "0",
            "__proto__",
            "é",
            "e\u0301",
            "\ud83d\ude00",
            "n".repeat(1_000));

    private Samples() {}

    /** Scalars of every type. */
    static List<Object> scalars() {
        List<Object> all = new ArrayList<>(NUMBERS);
        all.addAll(TEXTS);
        all.addAll(OTHERS);
        return all;
    }

    /** Lists and documents, empty, mixed and deep. */
    static List<Object> containers() {
        List<@Nullable Object> mixed = new ArrayList<>(scalars());
        mixed.add(null);
        mixed.add(List.of());
        mixed.add(Document.empty());
        Document.Builder all = Document.builder();
        for (int i = 0; i < mixed.size(); i++) {
            all.put("v" + i, mixed.get(i));
        }
        return Arrays.asList(
                List.of(),
                Document.empty(),
                List.of(1),
                List.of("a"),
                List.of(List.of(List.of())),
                Collections.unmodifiableList(mixed),
                all.build(),
                List.of(all.build(), all.build()),
                nested(90),
                Document.of("$oid", "x"),
                Document.of("type", "decimal", "value", "1"));
    }

    /** Values of every type, the null one too. */
    static List<@Nullable Object> all() {
        List<@Nullable Object> all = new ArrayList<>(scalars());
        all.addAll(containers());
        all.add(null);
        return all;
    }

    /** Documents in lists in documents, so many levels of them. */
    static Object nested(int levels) {
        Object value = "bottom";
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? List.of(value, i) : Document.of("down", value);
        }
        return value;
    }
}
