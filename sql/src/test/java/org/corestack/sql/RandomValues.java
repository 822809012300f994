package org.corestack.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;

/** Values of all types, among them those at which representations end. */
final class RandomValues {
    private static final List<Object> EDGES = List.of(
            0,
            -1,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            0L,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            Integer.MAX_VALUE + 1L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            (1L << 53) + 1,
            0.0,
            -0.0,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            0x1p53,
            0x1p63,
            -0x1p63,
            0.1,
            new BigDecimal("0.1"),
            new BigDecimal("0.10"),
            new BigDecimal("-0.1"),
            new BigDecimal("0E-6176"),
            new BigDecimal("1E-6176"),
            new BigDecimal("-1E-6176"),
            new BigDecimal("9007199254740993"),
            new BigDecimal("9223372036854775807.5"),
            new BigDecimal("-9223372036854775808.5"),
            new BigDecimal("9.999999999999999999999999999999999E+6144"),
            new BigDecimal("-9.999999999999999999999999999999999E+6144"),
            BigDecimal.valueOf(Double.MAX_VALUE),
            "",
            "$t",
            "{\"$t\":\"2026-11-24T15:57:39.123Z\"}",
            "\u0001\t\"\\/",
            "\uffff",
            "\ud83d\ude00",
            Instant.parse("0000-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999Z"),
            new UUID(0, 0),
            new UUID(-1, -1),
            Bytes.of(),
            Bytes.of((byte) 0, (byte) 0xff),
            true,
            false);

    private static final List<String> NAMES =
            List.of("a", "b", "$", "$t", "$$d", "$n", "a.b", "*", "0", "1", "\"", "\\", "é", "\ud83d\ude00", " ");

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    Document document(int depth) {
        Document.Builder document = Document.builder();
        for (int i = random.nextInt(6); i > 0; i--) {
            document.set(NAMES.get(random.nextInt(NAMES.size())), value(depth));
        }
        return document.build();
    }

    private Object value(int depth) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return null;
        }
        if (depth > 0 && kind == 1) {
            return document(depth - 1);
        }
        if (depth > 0 && kind == 2) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                list.add(value(depth - 1));
            }
            return list;
        }
        return kind < 6 ? EDGES.get(random.nextInt(EDGES.size())) : scalar();
    }

    private Object scalar() {
        return switch (random.nextInt(5)) {
            case 0 -> new UUID(random.nextLong(), random.nextLong());
            case 1 -> Instant.ofEpochMilli(random.nextLong() % 62_000_000_000_000L);
            case 2 -> "x" + random.nextInt();
            default -> number();
        };
    }

    Number number() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt();
            case 1 -> (long) random.nextInt(); // a 64 bit integer that would fit into 32
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> finite();
            case 4 -> near((Number) EDGES.get(random.nextInt(33)));
            default ->
                new BigDecimal(new BigInteger(113, random), random.nextInt(12_200) - 6_050)
                        .round(MathContext.DECIMAL128);
        };
    }

    private double finite() {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : random.nextGaussian();
    }

    /** A decimal close by, where rounding matters. */
    private BigDecimal near(Number number) {
        BigDecimal exact = number instanceof BigDecimal decimal
                ? decimal
                : number instanceof Double d ? new BigDecimal(d) : BigDecimal.valueOf(number.longValue());
        BigDecimal step = exact.signum() == 0 ? BigDecimal.ONE : exact.ulp();
        BigDecimal moved = exact.add(step.multiply(BigDecimal.valueOf(random.nextInt(5) - 2)));
        BigDecimal rounded = moved.round(MathContext.DECIMAL128);
        if (rounded.scale() < -6111) {
            return exact.round(MathContext.DECIMAL128);
        }
        return rounded.scale() > 6176 ? rounded.setScale(6176, RoundingMode.DOWN) : rounded;
    }
}
