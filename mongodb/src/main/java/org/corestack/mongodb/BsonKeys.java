package org.corestack.mongodb;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonWriter;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Keys as {@code _id}: scalars as they are, integers as 64 bit ones, records as documents whose order counts. */
final class BsonKeys {
    private BsonKeys() {}

    /** Writes a key; the name has been written. */
    static void write(BsonWriter out, Key key) {
        BsonValues.write(out, key.value());
    }

    /**
     * The key of a document, or that which an event names.
     *
     * @throws CoreException UNSUPPORTED if it is of a type that a key can't be, or there is none
     */
    static Key of(BsonDocument document) {
        BsonReader in = document.asBsonReader();
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (in.readName().equals(Names.ID)) {
                return read(in);
            }
            in.skipValue();
        }
        throw CoreException.unsupported("there is no _id");
    }

    /**
     * Reads the key at which the reader stands.
     *
     * @throws CoreException UNSUPPORTED if it is of a type that a key can't be
     */
    static Key read(BsonReader in) {
        BsonType type = in.getCurrentBsonType();
        try {
            return Key.of(readComponent(in));
        } catch (CoreException e) {
            if (e.code() != ErrorCode.INVALID_ARGUMENT) {
                throw e;
            }
            throw new CoreException(
                    ErrorCode.UNSUPPORTED, "an _id of the BSON type " + type + " can't be a key: " + e.getMessage(), e);
        }
    }

    private static Object readComponent(BsonReader in) {
        BsonType type = in.getCurrentBsonType();
        if (type == BsonType.DOCUMENT) {
            Map<String, Object> components = new LinkedHashMap<>();
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                String name = in.readName();
                components.put(Names.decode(name), readComponent(in));
            }
            in.readEndDocument();
            return components;
        }
        Object value = scalar(in, type);
        return value instanceof Double number ? whole(number) : value; // the server holds 1 and 1.0 for one _id
    }

    private static Object scalar(BsonReader in, BsonType type) {
        @Nullable Object value = type == BsonType.ARRAY ? null : BsonValues.read(in, Names.ID);
        if (value == null) {
            throw CoreException.unsupported("an _id, or a part of one, is of the BSON type " + type
                    + ", which a key can't be; use a string, an integer, a boolean, a UUID, a date, binary data or a"
                    + " document of these");
        }
        return value;
    }

    private static Object whole(double number) {
        if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
            throw CoreException.unsupported("an _id is the number " + number + ", which a key can't be");
        }
        return (long) number;
    }
}
