package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class KeyTest {
    private static final long SEED = new Random().nextLong();
    private final Random random = new Random(SEED);

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int[] points = {1, 'a', 'b', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private Bytes bytes() {
        byte[] content = new byte[random.nextInt(5)];
        for (int i = 0; i < content.length; i++) {
            content[i] =
                    (byte) List.of(0, 1, 127, 128, 255).get(random.nextInt(5)).intValue();
        }
        return Bytes.of(content);
    }

    private long number() {
        return random.nextBoolean() ? random.nextInt(5) - 2 : random.nextLong();
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth < 3 ? 7 : 6)) {
            case 0 -> text();
            case 1 -> number();
            case 2 -> random.nextBoolean();
            case 3 -> new UUID(number(), number());
            case 4 -> Instant.ofEpochMilli(number() >> 20);
            case 5 -> bytes();
            default -> {
                Map<String, Object> components = new LinkedHashMap<>();
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    components.put("n" + text(), value(depth + 1));
                }
                yield components;
            }
        };
    }

    @Test
    void everyKeyIsReadAsItWasWritten() {
        for (int i = 0; i < 20_000; i++) {
            Key key = Key.of(value(0));
            Key read = Key.fromBytes(key.toBytes());
            assertThat(read).as("seed %s", SEED).isEqualTo(key).hasSameHashCodeAs(key);
            assertThat(read.value()).as("seed %s", SEED).isEqualTo(key.value());
            assertThat(read.componentNames()).isEqualTo(key.componentNames());
        }
    }

    @Test
    void differentValuesAreDifferentKeys() {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            values.add(value(0));
        }
        for (Object one : values) {
            for (Object other : values) {
                boolean same = same(one, other);
                assertThat(Key.of(one).equals(Key.of(other)))
                        .as("%s and %s, seed %s", one, other, SEED)
                        .isEqualTo(same);
            }
        }
    }

    /** Equal, and if records, in the same order of their components. */
    private static boolean same(Object one, Object other) {
        if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> otherMap) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
            List<Map.Entry<?, ?>> others = new ArrayList<>(otherMap.entrySet());
            boolean same = entries.size() == others.size();
            for (int i = 0; same && i < entries.size(); i++) {
                same = entries.get(i).getKey().equals(others.get(i).getKey())
                        && same(entries.get(i).getValue(), others.get(i).getValue());
            }
            return same;
        }
        return one.equals(other);
    }

    @Test
    void keysOfOneTypeAreOrderedByValue() {
        assertOrder(this::number);
        assertOrder(this::bytes);
        assertOrder(() -> Instant.ofEpochMilli(number() >> 20));
        for (int i = 0; i < 20_000; i++) {
            String one = text();
            String other = text();
            byte[] oneBytes = one.getBytes(StandardCharsets.UTF_8);
            int expected = java.util.Arrays.compareUnsigned(oneBytes, other.getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(Key.of(one).compareTo(Key.of(other))))
                    .as("%s and %s, seed %s", one, other, SEED)
                    .isEqualTo(Integer.signum(expected));
        }
    }

    private <T extends Comparable<? super T>> void assertOrder(Supplier<T> values) {
        for (int i = 0; i < 20_000; i++) {
            T one = values.get();
            T other = values.get();
            assertThat(Integer.signum(Key.of(one).compareTo(Key.of(other))))
                    .as("%s and %s, seed %s", one, other, SEED)
                    .isEqualTo(Integer.signum(one.compareTo(other)));
        }
    }

    @Test
    void theCanonicalFormNeverChanges() {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("b", 1);
        record.put("a", "x");
        Map<Object, String> forms = new LinkedHashMap<>();
        forms.put(0, "028000000000000000");
        forms.put(-1, "027fffffffffffffff");
        forms.put("aä", "0361c3a400");
        forms.put(true, "0101");
        forms.put(new UUID(1, 2), "0400000000000000010000000000000002");
        forms.put(Instant.ofEpochMilli(1), "058000000000000001");
        forms.put(Bytes.of((byte) 0, (byte) 7), "0600ff070000");
        forms.put(record, "076200028000000000000001610003780000");
        forms.forEach((value, form) -> assertThat(
                        HexFormat.of().formatHex(Key.of(value).toBytes()))
                .as("%s", value)
                .isEqualTo(form));
    }

    @Test
    void integersOfAllWidthsAreOneKey() {
        assertThat(Key.of(1)).isEqualTo(Key.of(1L)).isEqualTo(Key.of((short) 1)).isEqualTo(Key.of((byte) 1));
        assertThat(Key.of(1).value()).isEqualTo(1L);
    }

    @Test
    void whatIsNoKeyIsRefused() {
        List<Object> refused =
                new ArrayList<>(List.of(1.5, BigDecimal.ONE, List.of(1), Map.of(), 'c', "a\0b", "\ud800"));
        refused.add(null);
        refused.add(Collections.singletonMap("a", null));
        refused.add(Map.of(1, "a"));
        refused.add(Map.of("a", 1.5));
        refused.add("x".repeat(Key.MAX_SIZE - 1));
        refused.add("€".repeat(Key.MAX_SIZE / 3 + 1));
        for (Object value : refused) {
            assertThatThrownBy(() -> Key.of(value))
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
        assertThat(Key.of("x".repeat(Key.MAX_SIZE - 2)).toBytes()).hasSize(Key.MAX_SIZE);
    }

    @Test
    void instantsAreCutToMilliseconds() {
        assertThat(Key.of(Instant.parse("2026-01-01T00:00:00.123456Z")))
                .isEqualTo(Key.of(Instant.parse("2026-01-01T00:00:00.123Z")));
    }

    @Test
    void bytesThatAreNoCanonicalFormAreDataLoss() {
        List<String> damaged = List.of(
                "",
                "00",
                "08",
                "0102",
                "01",
                "02",
                "0280",
                "028000000000000000ff",
                "0361",
                "03ff00",
                "0400",
                "06",
                "0600",
                "060005",
                "06000007",
                "07",
                "0700",
                "0761",
                "076100",
                "07610002",
                "0700010100",
                "03eda08000",
                "07610001006100010100");
        for (String form : damaged) {
            assertThatThrownBy(() -> Key.fromBytes(HexFormat.of().parseHex(form)))
                    .as(form)
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS));
        }
    }

    @Test
    void bytesAtRandomAreAKeyOrDataLoss() {
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) (random.nextBoolean() ? random.nextInt(9) : random.nextInt(256));
            }
            try {
                assertThat(Key.fromBytes(bytes).toBytes()).as("seed %s", SEED).isEqualTo(bytes);
            } catch (CoreException e) {
                assertThat(e.code()).as("seed %s", SEED).isEqualTo(ErrorCode.DATA_LOSS);
            }
        }
    }

    @Test
    void theTextOfALongKeyIsCut() {
        assertThat(Key.of("x".repeat(900)).toString()).hasSizeLessThan(110);
    }
}
