package org.corestack.testkit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.jspecify.annotations.Nullable;

/** Random documents, filters, sorts and patches over few names, so that they meet. Not thread-safe. */
final class RandomDocuments {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private final Random random;

    RandomDocuments(Random random) {
        this.random = random;
    }

    Document document() {
        return document(0);
    }

    private Document document(int depth) {
        Document.Builder document = Document.builder();
        for (String name : names()) {
            document.put(name, value(depth));
        }
        if (random.nextInt(8) == 0) {
            document.put(pick(Samples.ODD_NAMES), value(depth));
        }
        return document.build();
    }

    /** Some of the names. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                names.add(name);
            }
        }
        return names;
    }

    private @Nullable Object value(int depth) {
        int kind = random.nextInt(depth < 3 ? 12 : 8);
        if (kind == 8 || kind == 9) {
            return document(depth + 1);
        }
        if (kind == 10) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(value(depth + 1));
            }
            return list;
        }
        return kind == 11 ? null : scalar();
    }

    /** A scalar: often a small one, so that there are equal ones; sometimes a sample. */
    Object scalar() {
        int small = random.nextInt(5) - 2;
        return switch (random.nextInt(11)) {
            case 0, 1 -> small;
            case 2 -> (long) small;
            case 3 -> small / 2.0;
            case 4 -> new BigDecimal(BigInteger.valueOf(small * 50L), 2);
            case 5 -> String.valueOf((char) ('a' + small + 2));
            case 6 -> random.nextBoolean();
            case 7 -> Instant.ofEpochMilli(small);
            case 8 -> random.nextBoolean() ? new UUID(small, small) : Bytes.of((byte) small);
            case 9 -> random.nextBoolean() ? random.nextLong() : random.nextGaussian() * Math.pow(10, small * 8);
            default -> pick(Samples.scalars());
        };
    }

    FieldPath path() {
        List<String> names = new ArrayList<>(List.of(pick(NAMES)));
        while (names.size() < 3 && random.nextInt(3) == 0) {
            names.add(pick(NAMES));
        }
        return new FieldPath(names);
    }

    Filter filter() {
        Filter filter = Filter.all();
        for (int i = random.nextInt(3); i >= 0; i--) {
            Filter.Operator operator = pick(List.of(Filter.Operator.values()));
            boolean isNull = operator == Filter.Operator.EQ && random.nextInt(4) == 0;
            filter = filter.and(Filter.compare(path(), operator, isNull ? null : scalar()));
        }
        return filter;
    }

    Sort sort() {
        FieldPath first = path();
        Sort sort = random.nextBoolean() ? Sort.ascending(first) : Sort.descending(first);
        FieldPath second = path();
        return second.equals(first) || random.nextBoolean() ? sort : sort.then(Sort.descending(second));
    }

    Patch patch() {
        Patch patch = step();
        for (int i = random.nextInt(3); i > 0; i--) {
            Patch more = step();
            if (disjoint(patch, more)) {
                patch = patch.and(more);
            }
        }
        return patch;
    }

    private Patch step() {
        FieldPath path = path();
        return switch (random.nextInt(4)) {
            case 0 -> Patch.unset(path);
            case 1, 2 -> Patch.increment(path, number());
            default -> Patch.set(path, value(2));
        };
    }

    private Number number() {
        Object scalar = scalar();
        while (!(scalar instanceof Number)) {
            scalar = scalar();
        }
        return (Number) scalar;
    }

    private static boolean disjoint(Patch patch, Patch more) {
        return patch.steps().stream()
                .noneMatch(one -> more.steps().stream()
                        .anyMatch(
                                other -> startsWith(one.path(), other.path()) || startsWith(other.path(), one.path())));
    }

    private static boolean startsWith(FieldPath path, FieldPath start) {
        return path.toString().equals(start.toString()) || path.toString().startsWith(start + ".");
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
