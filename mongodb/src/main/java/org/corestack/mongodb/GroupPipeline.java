package org.corestack.mongodb;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.bson.BsonWriter;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation as the server's stages: the values at the paths, then the groups. For each sum the group holds the parts
 * that {@link NumberParts} makes it of.
 */
final class GroupPipeline {
    private static final List<String> NO_SCALARS = List.of("object", "array", "null", "undefined", "missing");

    private final Aggregation aggregation;
    private final Map<FieldPath, String> fields = new LinkedHashMap<>();

    GroupPipeline(Aggregation aggregation) {
        this.aggregation = aggregation;
        for (Measure measure : aggregation.measures()) {
            if (measure.path() != null) {
                fields.putIfAbsent(measure.path(), "f" + fields.size());
            }
        }
    }

    List<Bson> stages(Filter filter) {
        List<Bson> stages = new ArrayList<>();
        stages.add(Raw.document(out -> Raw.nested(out, "$match", () -> FilterBson.write(out, filter))));
        stages.add(Raw.document(out -> Raw.nested(out, "$project", () -> writeValues(out))));
        stages.add(Raw.document(out -> Raw.nested(out, "$group", () -> writeGroup(out))));
        return stages;
    }

    private void writeValues(BsonWriter out) {
        out.writeInt32(Names.ID, 0);
        for (int i = 0; i < aggregation.by().size(); i++) {
            FieldPath path = aggregation.by().get(i);
            out.writeStartDocument("g" + i);
            out.writeStartArray("$ifNull");
            writeValue(out, path);
            out.writeNull();
            out.writeEndArray();
            out.writeEndDocument();
        }
        fields.forEach((path, field) -> {
            out.writeName(field);
            writeValue(out, path);
        });
        out.writeBoolean("one", true); // a projection that leaves out _id alone would keep all else
    }

    /** The value at a path; null where a list is on the way to it. */
    private static void writeValue(BsonWriter out, FieldPath path) {
        if (path.root() != FieldPath.Root.DOCUMENT || path.names().size() == 1) {
            out.writeString("$" + Names.path(path));
            return;
        }
        out.writeStartDocument();
        out.writeStartArray("$cond");
        out.writeStartDocument();
        out.writeStartArray("$or");
        for (int i = 1; i < path.names().size(); i++) {
            String way = "$" + Names.path(path.names().subList(0, i));
            Raw.operation(out, () -> out.writeString("$isArray", way));
        }
        out.writeEndArray();
        out.writeEndDocument();
        out.writeNull();
        out.writeString("$" + Names.path(path));
        out.writeEndArray();
        out.writeEndDocument();
    }

    /** The value at a path; null where there is a list, or one on the way to it. */
    static void writePastLists(BsonWriter out, FieldPath path) {
        Raw.operation(out, () -> {
            out.writeStartArray("$cond");
            Raw.operation(out, () -> {
                out.writeStartArray("$isArray");
                writeValue(out, path);
                out.writeEndArray();
            });
            out.writeNull();
            writeValue(out, path);
            out.writeEndArray();
        });
    }

    private void writeGroup(BsonWriter out) {
        if (aggregation.by().isEmpty()) {
            out.writeNull(Names.ID);
        } else {
            out.writeStartDocument(Names.ID);
            for (int i = 0; i < aggregation.by().size(); i++) {
                out.writeString("g" + i, "$g" + i);
            }
            out.writeEndDocument();
        }
        Raw.nested(out, "n", () -> out.writeInt32("$sum", 1));
        fields.forEach((path, field) -> {
            if (isMeasured(path, Kind.MIN)) {
                Raw.nested(out, field + "min", () -> writeScalar(out, "$min", field));
            }
            if (isMeasured(path, Kind.MAX)) {
                Raw.nested(out, field + "max", () -> writeScalar(out, "$max", field));
            }
            if (isMeasured(path, Kind.SUM) || isMeasured(path, Kind.AVERAGE)) {
                NumberParts.write(out, field);
            }
        });
    }

    private boolean isMeasured(FieldPath path, Kind kind) {
        return aggregation.measures().stream()
                .anyMatch(measure -> measure.kind() == kind && path.equals(measure.path()));
    }

    private static void writeScalar(BsonWriter out, String operator, String field) {
        out.writeStartDocument(operator);
        out.writeStartArray("$cond");
        Raw.writeIsOfType(out, "$" + field, NO_SCALARS);
        out.writeNull();
        out.writeString("$" + field);
        out.writeEndArray();
        out.writeEndDocument();
    }

    /** The group that the server has made; null if its figures are not those that are meant. */
    @Nullable
    Group group(RawBsonDocument made) {
        Map<String, @Nullable Object> parts = new HashMap<>();
        List<@Nullable Object> by = new ArrayList<>();
        BsonBinaryReader in = new BsonBinaryReader(made.getByteBuffer().asNIO());
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            String name = in.readName();
            if (name.equals(Names.ID)) {
                Object group = BsonValues.read(in, "that is grouped by");
                for (int i = 0; i < aggregation.by().size(); i++) {
                    by.add(((Document) Objects.requireNonNull(group)).get("g" + i));
                }
            } else if (in.getCurrentBsonType() == BsonType.DOUBLE) {
                parts.put(name, in.readDouble()); // a sum may have become infinite
            } else {
                parts.put(name, BsonValues.read(in, "that is measured"));
            }
        }
        @Nullable Object[] values = new Object[aggregation.measures().size()];
        for (int i = 0; i < values.length; i++) {
            Measure measure = aggregation.measures().get(i);
            values[i] = value(measure, parts);
            if (NumberParts.INEXACT.equals(values[i]) || values[i] instanceof Bytes) {
                return null; // bytes are ordered by their length there
            }
        }
        return new Group(by, Arrays.asList(values));
    }

    private @Nullable Object value(Measure measure, Map<String, @Nullable Object> parts) {
        FieldPath path = measure.path();
        if (path == null) {
            return number(parts.get("n"));
        }
        String field = Objects.requireNonNull(fields.get(path));
        return switch (measure.kind()) {
            case COUNT -> number(parts.get("n"));
            case MIN -> parts.get(field + "min");
            case MAX -> parts.get(field + "max");
            case SUM -> new NumberParts(field, parts).sum(path);
            case AVERAGE -> new NumberParts(field, parts).average();
        };
    }

    private static long number(@Nullable Object count) {
        return count instanceof BigDecimal decimal
                ? decimal.longValueExact()
                : count instanceof Number number ? number.longValue() : 0;
    }
}
