package org.corestack.mongodb;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonWriter;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.jspecify.annotations.Nullable;

/**
 * Where the server's operators mean what a write means. Where they may not, the filter keeps them from being applied,
 * and the write is worked out from the document as it is read.
 */
final class Fit {
    /** Added to any finite double, less than this leaves it finite. */
    private static final double HARMLESS = 1e291;
    /** A document of ours has no more, and one of the server's may. */
    private static final int MOST_LEVELS = 100;

    private static final Set<String> NUMBERS = Set.of("double", "int", "long", "decimal");

    private Fit() {}

    /** Whether there are documents to which the server's operators can be applied at all. */
    static boolean isPossible(Patch patch) {
        return patch.steps().stream().allMatch(Fit::isPossible);
    }

    private static boolean isPossible(Patch.Step step) {
        if (step.path().names().size() >= MOST_LEVELS) {
            return false;
        }
        if (step instanceof Patch.Increment increment) {
            return isPlain(increment.amount());
        }
        if (step instanceof Patch.Max max) {
            return !(max.value() instanceof Bytes) && !(max.value() instanceof UUID);
        }
        if (step instanceof Patch.Append append) {
            return !append.ifAbsent() || !(append.element() instanceof Number);
        }
        return !(step instanceof Patch.Advance)
                && !(step instanceof Patch.Remove remove && remove.element() instanceof Number);
    }

    /** The server rounds decimals to 34 digits, and doubles beyond the finite to infinities; both are to be refused. */
    private static boolean isPlain(Number amount) {
        boolean integer = amount instanceof Long || amount instanceof Integer;
        return integer || (!(amount instanceof BigDecimal) && Math.abs(amount.doubleValue()) < HARMLESS);
    }

    /** What the filter of a write asks of the document beside the write's own condition. */
    static void guard(BsonWriter out, Write write) {
        if (write instanceof Write.Apply apply) {
            long added = 0;
            Set<String> passed = new HashSet<>(); // a filter is a document, in which a field is to be once
            for (Patch.Step step : apply.patch().steps()) {
                throughNoList(out, step, passed);
                if (step instanceof Patch.Increment) {
                    notOfType(out, Names.path(step.path()), List.of("decimal"));
                } else if (step instanceof Patch.Max max) {
                    notOfType(out, Names.path(step.path()), othersThan(max.value()));
                    added += sizeOf(step, max.value());
                } else if (step instanceof Patch.Set set) {
                    added += sizeOf(step, set.value());
                } else if (step instanceof Patch.Append append) {
                    added += sizeOf(step, append.element()) + 20;
                }
            }
            if (added > 0) {
                roomFor(out, added);
            }
        } else if (write instanceof Write.Merge merge) {
            roomFor(out, merge.set().size());
        } else if (write instanceof Write.Upsert upsert) {
            roomFor(out, upsert.set().size());
        }
    }

    /**
     * In a list the server takes a name that is a number for a place; and the types that {@code $max} is not to meet it
     * would look for among elements.
     */
    private static void throughNoList(BsonWriter out, Patch.Step step, Set<String> passed) {
        List<String> names = step.path().names();
        for (int i = 1; i < names.size(); i++) {
            String on = Names.path(names.subList(0, i));
            if ((step instanceof Patch.Max || Names.isNumber(names.get(i))) && passed.add(on)) {
                notOfType(out, on, List.of("array"));
            }
        }
    }

    /** At least what the step adds: the value, and a document with a name for each level. */
    private static long sizeOf(Patch.Step step, @Nullable Object value) {
        long size = Document.of("value", value).size();
        for (String name : step.path().names()) {
            size += name.length() + 7L;
        }
        return size;
    }

    private static List<String> othersThan(Object scalar) {
        Set<String> own = scalar instanceof Number
                ? NUMBERS
                : Set.of(scalar instanceof String ? "string" : scalar instanceof Boolean ? "bool" : "date");
        return FilterBson.NOT_NULL.stream().filter(type -> !own.contains(type)).toList();
    }

    private static void notOfType(BsonWriter out, String path, List<String> types) {
        out.writeStartDocument(path);
        Raw.nested(out, "$not", () -> {
            out.writeStartArray("$type");
            types.forEach(out::writeString);
            out.writeEndArray();
        });
        out.writeEndDocument();
    }

    /** The server would let a document grow to 16 MiB, of which ours may have 15. */
    private static void roomFor(BsonWriter out, long added) {
        out.writeStartDocument("$expr");
        out.writeStartArray("$lte");
        out.writeStartDocument();
        out.writeString("$bsonSize", "$$ROOT");
        out.writeEndDocument();
        out.writeInt64(Document.MAX_SIZE - added);
        out.writeEndArray();
        out.writeEndDocument();
    }

    /**
     * Matches no document that is there, so that an upsert goes on to create one and meets the key where it is taken. The
     * server takes no {@code $expr} in the filter of an upsert.
     */
    static void absent(BsonWriter out) {
        out.writeStartDocument(Names.META);
        out.writeString("$type", "minKey");
        out.writeEndDocument();
    }
}
