package org.corestack.cli.replicate;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.Write;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;

/** Documents with values of every type, and indexes of every kind. */
final class Samples {
    private static final int AT_ONCE = 2_000;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.001Z");

    private Samples() {}

    /** Keys of every kind. */
    static Key key(int number) {
        return switch (number % 8) {
            case 0 -> Key.of("k" + number);
            case 1 -> Key.of((long) number - 500);
            case 2 -> Key.of(new UUID(number, ~number));
            case 3 -> Key.of(START.plusMillis(number));
            case 4 -> Key.of(Bytes.of((byte) number, (byte) (number >> 8), (byte) (number >> 16)));
            case 5 -> Key.of(Document.of("shop", "s" + number % 10, "number", number));
            case 6 -> Key.of(Document.of("number", number, "shop", "s" + number % 10));
            default -> Key.of("ключ " + number);
        };
    }

    /** A document of a number, another for each generation. */
    static Document document(int number, int generation) {
        return Document.builder()
                .put("number", number)
                .put("generation", generation)
                .put("none", null)
                .put("flag", number % 2 == 0)
                .put("int", Integer.MIN_VALUE + number)
                .put("long", Long.MAX_VALUE - number)
                .put("small", (long) number)
                .put("double", number % 5 == 0 ? -0.0 : number / 7.0)
                .put("whole", (double) number)
                .put("decimal", new BigDecimal("1.10").movePointRight(number % 30 - 15))
                .put("digits", new BigDecimal("1234567890123456789012345678901234"))
                .put("text", "aé\ud83d\ude00\ue000 " + number)
                .put("empty", "")
                .put("bytes", Bytes.of((byte) 0, (byte) -1, (byte) number))
                .put("uuid", new UUID(number, generation))
                .put("at", START.plusMillis(number))
                .put("list", Arrays.asList(1, 1L, 1.0, new BigDecimal("1"), "1", null, List.of(), Document.empty()))
                .put("deep", Document.of("a", Document.of("b", Document.of("$c.d", number), "é", null)))
                .put("unique", "u" + number)
                .build();
    }

    static List<Index> indexes() {
        return List.of(
                Index.on(FieldPath.of("unique")).asUnique().named("one-unique"),
                Index.on(FieldPath.of("sometimes")).asSparse(),
                Index.on(FieldPath.of("expires")).expiring(Duration.ofDays(1)),
                Index.of(List.of(
                        new Sort.Term(FieldPath.of("deep.a.b"), false), new Sort.Term(FieldPath.of("number"), true))));
    }

    /** Inserts the documents of some numbers. */
    static void fill(StoreCollection collection, int from, int to) {
        for (int at = from; at < to; at += AT_ONCE) {
            List<Write> writes = new ArrayList<>();
            for (int number = at; number < Math.min(to, at + AT_ONCE); number++) {
                writes.add(new Write.Insert(key(number), document(number, 0)));
            }
            collection.writeAll(writes).forEach(BulkResult::get);
        }
    }
}
