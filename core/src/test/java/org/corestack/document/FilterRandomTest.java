package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.corestack.document.FieldPath.Root;
import org.corestack.document.Filter.Any;
import org.corestack.document.Filter.Compare;
import org.corestack.document.Filter.Exists;
import org.corestack.document.Filter.In;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Filter.Prefix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the meaning of filters against one that says the same in another way. */
class FilterRandomTest {
    private static final List<Object> VALUES = Arrays.asList(
            null,
            0,
            1,
            1L,
            1.0,
            -0.0,
            1.5,
            new BigDecimal("1.0"),
            new BigDecimal("1.5"),
            Long.MAX_VALUE,
            0x1p63,
            "",
            "a",
            "ab",
            "B",
            "\uffff",
            "\ud83d\ude00",
            true,
            false,
            Instant.EPOCH,
            Instant.ofEpochMilli(-1),
            new UUID(0, 1),
            new UUID(-1, 1),
            Bytes.of((byte) 1),
            Bytes.of((byte) 0x80));
    private static final List<Operator> OPERATORS = List.of(Operator.values());
    private static final List<String> NAMES = List.of("a", "b", "c");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theMeaningIsTheNaiveOne(long seed) {
        Random random = new Random(seed);
        Map<String, int[]> seen = new TreeMap<>();
        for (int round = 0; round < 4_000; round++) {
            Filter filter = filter(random, 3, false);
            Document document = document(random, 3);
            Key key = Key.of(random.nextBoolean() ? random.nextInt(3) : Document.of("a", random.nextInt(3)));
            boolean naive = naive(filter, key.value(), document);
            assertThat(filter.matches(key, document))
                    .as("seed %s, round %s: %s of %s, %s", seed, round, filter, key, document)
                    .isEqualTo(naive);
            seen.computeIfAbsent(filter.getClass().getSimpleName(), kind -> new int[2])[naive ? 1 : 0]++;
        }
        assertThat(seen)
                .hasSize(8)
                .allSatisfy((kind, counts) -> assertThat(counts).as(kind).doesNotContain(0, 1, 2, 3));
    }

    // Random filters and documents

    private static Filter filter(Random random, int depth, boolean element) {
        FieldPath path = path(random, element);
        return switch (random.nextInt(depth == 0 ? 5 : 9)) {
            case 0, 1 -> compare(random, path);
            case 2 -> new In(path, new ArrayList<>(Arrays.asList(value(random, path), value(random, path))));
            case 3 -> new Exists(path);
            case 4 -> new Prefix(path, random.nextBoolean() ? "" : "a");
            case 5 -> new Filter.Not(filter(random, depth - 1, element));
            case 6 -> new Filter.And(List.of(filter(random, depth - 1, element), filter(random, depth - 1, element)));
            case 7 -> new Filter.Or(List.of(filter(random, depth - 1, element), filter(random, depth - 1, element)));
            default -> new Any(path.root() == Root.KEY ? FieldPath.of("a") : path, filter(random, depth - 1, true));
        };
    }

    private static Filter compare(Random random, FieldPath path) {
        Object value = value(random, path);
        Operator operator = value == null ? Operator.EQ : OPERATORS.get(random.nextInt(OPERATORS.size()));
        return Filter.compare(path, operator, value);
    }

    private static @Nullable Object value(Random random, FieldPath path) {
        return path.isWholeKey() ? (Object) random.nextInt(3) : VALUES.get(random.nextInt(VALUES.size()));
    }

    private static FieldPath path(Random random, boolean element) {
        String name = NAMES.get(random.nextInt(3));
        return switch (random.nextInt(8)) {
            case 0 -> element ? FieldPath.element() : FieldPath.key();
            case 1 -> element ? FieldPath.element() : FieldPath.key(name);
            case 2 -> FieldPath.of(name + "." + NAMES.get(random.nextInt(3)));
            default -> FieldPath.of(name);
        };
    }

    private static Document document(Random random, int depth) {
        Document.Builder fields = Document.builder();
        for (String name : NAMES) {
            if (random.nextInt(4) > 0) {
                fields.put(name, content(random, depth));
            }
        }
        return fields.build();
    }

    private static @Nullable Object content(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 3 : 6);
        if (kind < 3) {
            return VALUES.get(random.nextInt(VALUES.size()));
        }
        if (kind == 3) {
            return document(random, depth - 1);
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(content(random, depth - 1));
        }
        return list;
    }

    // What filters mean, said anew: of a document only a flat table of paths is looked at

    private static boolean naive(Filter filter, @Nullable Object key, @Nullable Object value) {
        if (filter instanceof Filter.Not not) {
            return !naive(not.part(), key, value);
        }
        if (filter instanceof Filter.And and) {
            return and.parts().stream().filter(part -> naive(part, key, value)).count()
                    == and.parts().size();
        }
        if (filter instanceof Filter.Or or) {
            return or.parts().stream().filter(part -> naive(part, key, value)).count() > 0;
        }
        if (filter instanceof Compare compare) {
            return compares(at(compare.path(), key, value), compare.operator(), compare.value());
        }
        if (filter instanceof In in) {
            Object actual = at(in.path(), key, value);
            return in.values().stream().anyMatch(wanted -> compares(actual, Operator.EQ, wanted));
        }
        if (filter instanceof Exists exists) {
            return flat(rootOf(exists.path(), key, value))
                    .containsKey(String.join(".", exists.path().names()));
        }
        if (filter instanceof Prefix prefix) {
            return at(prefix.path(), key, value) instanceof String text && text.indexOf(prefix.prefix()) == 0;
        }
        Any any = (Any) filter;
        boolean found = false;
        if (at(any.path(), key, value) instanceof List<?> list) {
            for (Object element : list) {
                found |= naive(any.element(), null, element);
            }
        }
        return found;
    }

    private static @Nullable Object rootOf(FieldPath path, @Nullable Object key, @Nullable Object value) {
        return path.root() == Root.KEY ? key : value;
    }

    private static @Nullable Object at(FieldPath path, @Nullable Object key, @Nullable Object value) {
        return flat(rootOf(path, key, value)).get(String.join(".", path.names()));
    }

    private static Map<String, @Nullable Object> flat(@Nullable Object value) {
        Map<String, @Nullable Object> flat = new TreeMap<>();
        flat.put("", value);
        if (value instanceof Document document) {
            document.asMap()
                    .forEach((name, field) -> flat(field)
                            .forEach((rest, inner) -> flat.put(rest.isEmpty() ? name : name + "." + rest, inner)));
        }
        return flat;
    }

    private static boolean compares(@Nullable Object actual, Operator operator, @Nullable Object wanted) {
        if (wanted == null) {
            return actual == null;
        }
        if (!Objects.equals(kind(actual), kind(wanted)) || "other".equals(kind(actual))) {
            return false;
        }
        int sign = order(Objects.requireNonNull(actual), wanted);
        return switch (operator) {
            case EQ -> sign == 0;
            case LT -> sign < 0;
            case LTE -> sign < 1;
            case GT -> sign > 0;
            case GTE -> sign > -1;
        };
    }

    private static String kind(@Nullable Object value) {
        if (value instanceof Number) {
            return "number";
        }
        return value == null || value instanceof List || value instanceof Document
                ? "other"
                : value.getClass().getSimpleName();
    }

    private static int order(Object actual, Object wanted) {
        if (actual instanceof Number) {
            return Integer.signum(decimal(actual).compareTo(decimal(wanted)));
        }
        if (actual instanceof String text) {
            return Integer.signum(Arrays.compare(
                    text.codePoints().toArray(), ((String) wanted).codePoints().toArray()));
        }
        if (actual instanceof Bytes bytes) {
            return Integer.signum(Arrays.compareUnsigned(bytes.toArray(), ((Bytes) wanted).toArray()));
        }
        if (actual instanceof Instant instant) {
            return Long.compare(instant.toEpochMilli(), ((Instant) wanted).toEpochMilli());
        }
        return Integer.signum(actual.toString().compareTo(wanted.toString())); // UUIDs in hex, false before true
    }

    private static BigDecimal decimal(Object number) {
        return number instanceof Double d ? new BigDecimal(d) : new BigDecimal(number.toString());
    }
}
