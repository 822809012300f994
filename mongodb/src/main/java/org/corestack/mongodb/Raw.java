package org.corestack.mongodb;

import java.util.List;
import java.util.function.Consumer;
import org.bson.BsonBinaryWriter;
import org.bson.BsonWriter;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;

/** Documents for the server, written as bytes at once. */
final class Raw {
    private Raw() {}

    /** The document of the fields that {@code content} writes. */
    static RawBsonDocument document(Consumer<BsonWriter> content) {
        BasicOutputBuffer bytes = new BasicOutputBuffer(256);
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            out.writeStartDocument();
            content.accept(out);
            out.writeEndDocument();
        }
        return new RawBsonDocument(bytes.getInternalBuffer(), 0, bytes.getPosition());
    }

    /** Writes a field that is a document. */
    static void nested(BsonWriter out, String name, Runnable content) {
        out.writeStartDocument(name);
        content.run();
        out.writeEndDocument();
    }

    /** Writes a document that is the value of what was named, or an element. */
    static void operation(BsonWriter out, Runnable content) {
        out.writeStartDocument();
        content.run();
        out.writeEndDocument();
    }

    /** Writes the expression that says whether a value is of one of some types, as the servers name them. */
    static void writeIsOfType(BsonWriter out, String value, List<String> types) {
        operation(out, () -> {
            out.writeStartArray("$in");
            operation(out, () -> out.writeString("$type", value));
            out.writeStartArray();
            types.forEach(out::writeString);
            out.writeEndArray();
            out.writeEndArray();
        });
    }
}
