package org.corestack.mongodb;

import java.time.Instant;
import java.util.UUID;
import org.bson.BsonWriter;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.jspecify.annotations.Nullable;

/** The kinds of keys, in their order, which is not the server's. */
enum KeyClass {
    BOOLEAN,
    INTEGER,
    STRING,
    UUID,
    INSTANT,
    BYTES,
    RECORD;

    private static final UUID LEAST = new UUID(0, 0);
    private static final UUID GREATEST = new UUID(-1, -1);

    static KeyClass of(Key key) {
        Object value = key.value();
        if (value instanceof String) {
            return STRING;
        }
        if (value instanceof Long) {
            return INTEGER;
        }
        if (value instanceof Document) {
            return RECORD;
        }
        if (value instanceof java.util.UUID) {
            return UUID;
        }
        if (value instanceof Boolean) {
            return BOOLEAN;
        }
        return value instanceof Instant ? INSTANT : BYTES;
    }

    /** Whether all keys from one to another, as the server orders them, are in our order too. */
    static boolean isOrdered(Key first, Key last) {
        boolean oneClass = of(first) == of(last);
        return oneClass
                && (!(first.value() instanceof Bytes from)
                        || !(last.value() instanceof Bytes to)
                        || from.length() == to.length());
    }

    /** Writes what a filter asks of {@code _id} to be of this kind, and behind a key of it if one is given. */
    void writeFilter(BsonWriter out, @Nullable Key behind) {
        out.writeStartDocument(Names.ID);
        if (behind != null) {
            out.writeName("$gt");
            BsonKeys.write(out, behind);
        }
        switch (this) {
            case BOOLEAN -> out.writeString("$type", "bool");
            case INTEGER -> writeNumbers(out);
            case STRING -> out.writeString("$type", "string");
            case INSTANT -> out.writeString("$type", "date");
            case RECORD -> out.writeString("$type", "object");
            case UUID -> writeUuids(out);
            case BYTES -> {
                out.writeString("$type", "binData");
                out.writeStartDocument("$not");
                writeUuids(out);
                out.writeEndDocument();
            }
        }
        out.writeEndDocument();
    }

    private static void writeNumbers(BsonWriter out) {
        out.writeStartArray("$type");
        for (String type : new String[] {"int", "long", "double", "decimal"}) {
            out.writeString(type);
        }
        out.writeEndArray();
    }

    private static void writeUuids(BsonWriter out) {
        out.writeName("$gte");
        BsonValues.write(out, LEAST);
        out.writeName("$lte");
        BsonValues.write(out, GREATEST);
    }
}
