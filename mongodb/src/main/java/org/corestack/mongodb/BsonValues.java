package org.corestack.mongodb;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonWriter;
import org.bson.types.Decimal128;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.ValueType;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/** Values to BSON and back, straight between the bytes and our own types. */
final class BsonValues {
    private static final int UUID_SUBTYPE = 4;
    private static final int UUID_LENGTH = 16;
    /** Where the upper digits stand in the upper half of a decimal. */
    private static final long DIGITS = 0x1_ffff_ffff_ffffL;

    private BsonValues() {}

    /** Writes a value in normal form; its name, where it needs one, has been written. */
    static void write(BsonWriter out, @Nullable Object value) {
        switch (ValueType.of(value)) {
            case NULL -> out.writeNull();
            case DOCUMENT -> {
                out.writeStartDocument();
                for (Map.Entry<String, @Nullable Object> field :
                        ((Document) Objects.requireNonNull(value)).asMap().entrySet()) {
                    out.writeName(Names.nested(field.getKey()));
                    write(out, field.getValue());
                }
                out.writeEndDocument();
            }
            case LIST -> {
                out.writeStartArray();
                for (Object element : (List<?>) Objects.requireNonNull(value)) {
                    write(out, element);
                }
                out.writeEndArray();
            }
            default -> writeScalar(out, Objects.requireNonNull(value));
        }
    }

    private static void writeScalar(BsonWriter out, Object value) {
        if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Integer number) {
            out.writeInt32(number);
        } else if (value instanceof Long number) {
            out.writeInt64(number);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Double number) {
            out.writeDouble(number);
        } else if (value instanceof BigDecimal number) {
            out.writeDecimal128(new Decimal128(number));
        } else if (value instanceof Instant instant) {
            out.writeDateTime(instant.toEpochMilli());
        } else if (value instanceof UUID uuid) {
            out.writeBinaryData(new BsonBinary(uuid));
        } else if (value instanceof Bytes bytes) {
            out.writeBinaryData(new BsonBinary(bytes.toArray()));
        } else {
            throw CoreException.invalidArgument(
                    "a document can't hold a " + value.getClass().getName());
        }
    }

    /** Writes the fields of a document at the top level. */
    static void writeFields(BsonWriter out, Document document) {
        for (Map.Entry<String, @Nullable Object> field : document.asMap().entrySet()) {
            out.writeName(Names.top(field.getKey()));
            write(out, field.getValue());
        }
    }

    /**
     * Reads the value at which the reader stands.
     *
     * @param where the field, for messages
     * @throws CoreException UNSUPPORTED if it is of a type that a document can't hold
     */
    static @Nullable Object read(BsonReader in, String where) {
        BsonType type = in.getCurrentBsonType();
        return switch (type) {
            case STRING -> in.readString();
            case INT32 -> in.readInt32();
            case INT64 -> in.readInt64();
            case BOOLEAN -> in.readBoolean();
            case DOUBLE -> finite(in.readDouble(), where);
            case DECIMAL128 -> decimal(in.readDecimal128(), where);
            case DATE_TIME -> Instant.ofEpochMilli(in.readDateTime());
            case BINARY -> binary(in.readBinaryData());
            case DOCUMENT -> readDocument(in, where);
            case ARRAY -> readList(in, where);
            case NULL -> {
                in.readNull();
                yield null;
            }
            case UNDEFINED -> {
                in.readUndefined();
                yield null;
            }
            default -> throw unsupported(where, "is of the BSON type " + type);
        };
    }

    private static Document readDocument(BsonReader in, String where) {
        Document.Builder document = Document.builder();
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            String name = in.readName();
            document.set(Names.decode(name), read(in, where));
        }
        in.readEndDocument();
        return document.build();
    }

    private static List<@Nullable Object> readList(BsonReader in, String where) {
        List<@Nullable Object> list = new ArrayList<>();
        in.readStartArray();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            list.add(read(in, where));
        }
        in.readEndArray();
        return list;
    }

    private static Double finite(double number, String where) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw unsupported(where, "is " + number);
        }
        return number;
    }

    private static BigDecimal decimal(Decimal128 number, String where) {
        if (!number.isFinite()) {
            throw unsupported(where, "is " + number);
        }
        boolean zero = number.getLow() == 0 && (number.getHigh() & DIGITS) == 0;
        // the server knows a zero below zero, which a BigDecimal can't be
        return zero && number.isNegative()
                ? Decimal128.fromIEEE754BIDEncoding(number.getHigh() & Long.MAX_VALUE, 0)
                        .bigDecimalValue()
                : number.bigDecimalValue();
    }

    private static Object binary(BsonBinary binary) {
        return binary.getType() == UUID_SUBTYPE && binary.getData().length == UUID_LENGTH
                ? binary.asUuid()
                : Bytes.of(binary.getData());
    }

    private static CoreException unsupported(String where, String what) {
        return CoreException.unsupported("the stored field " + where + " " + what + ", which a document can't hold;"
                + " use null, a boolean, an integer, a finite double or decimal, a string, binary data, a date, an array"
                + " or a document");
    }
}
