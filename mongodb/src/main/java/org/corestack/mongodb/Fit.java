package org.corestack.mongodb;

import java.math.BigDecimal;
import org.bson.BsonWriter;
import org.corestack.document.Document;
import org.corestack.document.Patch;
import org.corestack.store.spi.Write;

/**
 * Where the server's operators mean what a write means. Where they may not, the filter keeps them from being applied,
 * and the write is worked out from the document as it is read.
 */
final class Fit {
    /** Added to any finite double, less than this leaves it finite. */
    private static final double HARMLESS = 1e291;

    private Fit() {}

    /** Whether there are documents to which the server's operators can be applied at all. */
    static boolean isPossible(Patch patch) {
        return patch.steps().stream()
                .allMatch(step -> !(step instanceof Patch.Increment increment) || isPlain(increment.amount()));
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
            for (Patch.Step step : apply.patch().steps()) {
                if (step instanceof Patch.Increment) {
                    notOfType(out, Names.path(step.path().names()), "decimal");
                } else if (step instanceof Patch.Set set) {
                    added += sizeOf(set);
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

    /** At least what the step adds: the value, and a document with a name for each level. */
    private static long sizeOf(Patch.Set set) {
        long size = Document.of("value", set.value()).size();
        for (String name : set.path().names()) {
            size += name.length() + 7L;
        }
        return size;
    }

    private static void notOfType(BsonWriter out, String path, String type) {
        out.writeStartDocument(path);
        Raw.nested(out, "$not", () -> out.writeString("$type", type));
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

    /** Fails on any document that is there, so that only an upsert that meets none goes on. */
    static void absent(BsonWriter out) {
        out.writeStartDocument("$expr");
        out.writeStartDocument("$toInt");
        out.writeStartArray("$ifNull");
        out.writeString("$" + Names.META + ".none");
        out.writeString("taken");
        out.writeEndArray();
        out.writeEndDocument();
        out.writeEndDocument();
    }
}
