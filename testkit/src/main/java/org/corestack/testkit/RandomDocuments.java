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
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.jspecify.annotations.Nullable;

/** Random documents, keys and patches over few names, so that they meet. Not thread-safe. */
final class RandomDocuments {
    /** A field that a unique index is on: a scalar, null or missing. */
    static final FieldPath UNIQUE = FieldPath.of("u");

    /** A field to add up: a number of few digits, a text, null or missing. */
    static final FieldPath NUMBER = FieldPath.of("n");

    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    /** Names of {@link Samples#ODD_NAMES} that can be queried. */
    private static final List<String> QUOTED = List.of("é", "0", "[0]", " ", "?", "%s", "x; DROP TABLE things");

    private final Random random;

    RandomDocuments(Random random) {
        this.random = random;
    }

    Random random() {
        return random;
    }

    /** One of twelve keys, of several types. */
    Key key() {
        int number = random.nextInt(12);
        if (number < 6) {
            return Key.of(number);
        }
        return number < 9 ? Key.of("k" + number) : Key.of(Document.of("a", number % 2, "b", "k" + number));
    }

    Document document() {
        Document.Builder document = document(0);
        if (random.nextInt(3) == 0) {
            document.put("u", random.nextInt(5) == 0 ? null : scalar());
        }
        if (random.nextInt(3) > 0) {
            document.put("n", random.nextInt(5) == 0 ? pick(List.of("text", true)) : tame());
        }
        return document.build();
    }

    private Document.Builder document(int depth) {
        Document.Builder document = Document.builder();
        for (String name : names()) {
            document.put(name, value(depth));
        }
        if (random.nextInt(8) == 0) {
            document.put(pick(Samples.ODD_NAMES), value(depth));
        }
        return document;
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
        int kind = random.nextInt(depth < 3 ? 14 : 8);
        if (kind == 8 || kind == 9) {
            return document(depth + 1).build();
        }
        if (kind >= 10 && kind < 13) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(value(depth + 1));
            }
            return list;
        }
        return kind == 13 ? null : scalar();
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

    /** A number whose sums are exact in every type. */
    private Number tame() {
        int small = random.nextInt(9) - 4;
        return switch (random.nextInt(4)) {
            case 0 -> small;
            case 1 -> (long) small;
            case 2 -> small / 4.0;
            default -> new BigDecimal(BigInteger.valueOf(small), 2);
        };
    }

    /** A path of a document; sometimes one that has to be quoted. */
    FieldPath path() {
        List<String> names = new ArrayList<>(List.of(pick(random.nextInt(9) == 0 ? QUOTED : NAMES)));
        while (names.size() < 3 && random.nextInt(3) == 0) {
            names.add(pick(NAMES));
        }
        return new FieldPath(names);
    }

    /** A patch of some steps; with times, sometimes of the server's. */
    Patch patch(boolean times) {
        Patch patch = step(times);
        for (int i = random.nextInt(3); i > 0; i--) {
            Patch more = step(times);
            if (disjoint(patch, more)) {
                patch = patch.and(more);
            }
        }
        return patch;
    }

    private Patch step(boolean times) {
        if (random.nextInt(8) == 0) {
            return random.nextBoolean() ? Patch.set(UNIQUE, scalar()) : Patch.set(NUMBER, tame());
        }
        FieldPath path = path();
        return switch (random.nextInt(times ? 12 : 10)) {
            case 0 -> Patch.unset(path);
            case 1, 2 -> Patch.increment(path, number());
            case 3 -> Patch.max(path, scalar());
            case 4, 5 -> Patch.append(path, value(2));
            case 6 -> Patch.appendIfAbsent(path, scalar());
            case 7 -> Patch.remove(path, scalar());
            case 10 -> Patch.serverTime(path);
            case 11 -> Patch.advance(path);
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
