package org.corestack.mongodb;

import java.util.List;
import java.util.Set;
import org.bson.BsonTimestamp;
import org.bson.BsonWriter;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Document;
import org.corestack.document.Patch;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a document as the server's operators. Each gives it a new version and the mark of the write.
 *
 * <p>{@code $currentDate} takes the version from the cluster's logical clock at the moment at which the document is
 * changed. The pipeline of a replacement can only take what the clock was when the operation began: it leaves the
 * document alone where that is not later than its version, and is tried again.
 */
final class Updates {
    private static final int MOST_FIELDS = 1_000;

    private Updates() {}

    /** For an upsert that meets no document: creates it. */
    static RawBsonDocument create(Document document, String mark) {
        return Raw.document(out -> {
            out.writeStartDocument("$setOnInsert");
            BsonValues.writeFields(out, document);
            out.writeString(Names.META_BY, mark);
            out.writeEndDocument();
            stamp(out);
        });
    }

    /** Whether a document has so many fields that the server, which looks for each among all, is to set them at once. */
    static boolean isWide(Document document) {
        return document.names().size() > MOST_FIELDS;
    }

    /** For an upsert that meets no document: a pipeline that creates a wide one, at the moment the operation began. */
    static List<Bson> createWide(Document document, String mark) {
        return List.of(Raw.document(out -> {
            out.writeStartDocument("$replaceWith");
            out.writeStartArray("$mergeObjects");
            writeReplaced(out, document, mark);
            out.writeEndArray();
            out.writeEndDocument();
        }));
    }

    /** Sets top-level fields and removes others. */
    static RawBsonDocument merge(Document set, Set<String> unset, String mark) {
        return Raw.document(out -> writeMerge(out, set, unset, mark));
    }

    /** Does the steps of a patch. */
    static RawBsonDocument patch(Patch patch, String mark) {
        return Raw.document(out -> writePatch(out, patch, mark));
    }

    private static void writeMerge(BsonWriter out, Document set, Set<String> unset, String mark) {
        out.writeStartDocument("$set");
        BsonValues.writeFields(out, set);
        out.writeString(Names.META_BY, mark);
        out.writeEndDocument();
        if (!unset.isEmpty()) {
            out.writeStartDocument("$unset");
            unset.forEach(name -> out.writeString(Names.top(name), ""));
            out.writeEndDocument();
        }
        stamp(out);
    }

    private static void writePatch(BsonWriter out, Patch patch, String mark) {
        out.writeStartDocument("$set");
        fields(out, patch, Patch.Set.class, Patch.Set::value);
        out.writeString(Names.META_BY, mark);
        out.writeEndDocument();
        steps(out, "$unset", patch, Patch.Unset.class, unset -> 1);
        steps(out, "$inc", patch, Patch.Increment.class, Patch.Increment::amount);
        steps(out, "$max", patch, Patch.Max.class, Patch.Max::value);
        steps(out, "$pull", patch, Patch.Remove.class, Patch.Remove::element);
        append(out, "$push", patch, false);
        append(out, "$addToSet", patch, true);
        out.writeStartDocument("$currentDate");
        fields(out, patch, Patch.ServerTime.class, time -> true);
        stampField(out);
        out.writeEndDocument();
    }

    private static void append(BsonWriter out, String operator, Patch patch, boolean ifAbsent) {
        List<Patch.Step> appends = patch.steps().stream()
                .filter(step -> step instanceof Patch.Append append && append.ifAbsent() == ifAbsent)
                .toList();
        if (!appends.isEmpty()) {
            out.writeStartDocument(operator);
            for (Patch.Step step : appends) {
                out.writeName(Names.path(step.path()));
                BsonValues.write(out, ((Patch.Append) step).element());
            }
            out.writeEndDocument();
        }
    }

    private interface Operand<S> {
        @Nullable
        Object of(S step);
    }

    private static <S extends Patch.Step> void steps(
            BsonWriter out, String operator, Patch patch, Class<S> kind, Operand<S> operand) {
        if (patch.steps().stream().anyMatch(kind::isInstance)) { // without fields it is an error before 5.0
            out.writeStartDocument(operator);
            fields(out, patch, kind, operand);
            out.writeEndDocument();
        }
    }

    private static <S extends Patch.Step> void fields(BsonWriter out, Patch patch, Class<S> kind, Operand<S> operand) {
        for (Patch.Step step : patch.steps()) {
            if (kind.isInstance(step)) {
                out.writeName(Names.path(step.path()));
                BsonValues.write(out, operand.of(kind.cast(step)));
            }
        }
    }

    private static void stamp(BsonWriter out) {
        out.writeStartDocument("$currentDate");
        stampField(out);
        out.writeEndDocument();
    }

    private static void stampField(BsonWriter out) {
        out.writeStartDocument(Names.META_VERSION);
        out.writeString("$type", "timestamp");
        out.writeEndDocument();
    }

    /** The whole document that takes the place of one whose version is known. */
    static RawBsonDocument replacement(Document document, BsonTimestamp version, String mark) {
        return Raw.document(out -> {
            BsonValues.writeFields(out, document);
            out.writeStartDocument(Names.META);
            out.writeTimestamp(Names.VERSION, version);
            out.writeString(Names.BY, mark);
            out.writeEndDocument();
        });
    }

    /** A pipeline that replaces a document of whatever version. */
    static List<Bson> replace(Document document, String mark) {
        return List.of(Raw.document(out -> {
            out.writeStartDocument("$replaceWith");
            out.writeStartArray("$cond");
            out.writeStartDocument();
            writeStrings(out, "$lt", "$" + Names.META_VERSION, "$$CLUSTER_TIME");
            out.writeEndDocument();
            out.writeStartDocument();
            out.writeStartArray("$mergeObjects");
            writeReplaced(out, document, mark);
            out.writeEndArray();
            out.writeEndDocument();
            out.writeString("$$ROOT");
            out.writeEndArray();
            out.writeEndDocument();
        }));
    }

    private static void writeReplaced(BsonWriter out, Document document, String mark) {
        out.writeStartDocument();
        out.writeString(Names.ID, "$" + Names.ID);
        out.writeEndDocument();
        out.writeStartDocument();
        Raw.nested(out, "$literal", () -> BsonValues.writeFields(out, document));
        out.writeEndDocument();
        out.writeStartDocument();
        out.writeStartDocument(Names.META);
        out.writeString(Names.VERSION, "$$CLUSTER_TIME");
        Raw.nested(out, Names.BY, () -> out.writeString("$literal", mark));
        out.writeEndDocument();
        out.writeEndDocument();
    }

    private static void writeStrings(BsonWriter out, String name, String... values) {
        out.writeStartArray(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }
}
