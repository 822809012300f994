package org.corestack.mongodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonWriter;
import org.corestack.document.Bytes;
import org.corestack.document.FieldPath;
import org.corestack.document.FieldPath.Root;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Compare;
import org.corestack.document.Filter.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Filters as the server's.
 *
 * <p>The server looks into lists, at each step of a path and at its end; a guard for each step keeps it from that and
 * leaves the index in use. It orders binary data by length first: UUIDs are compared between the least and the greatest
 * one, and bytes can't be ordered by it. Such a filter, and one on the elements of a list that the server's
 * {@code $elemMatch} would read otherwise, lets more through, and {@link #isExact} says no.
 */
final class FilterBson {
    /** The types of all values but null. */
    static final List<String> NOT_NULL = List.of(
            "double",
            "string",
            "object",
            "array",
            "binData",
            "objectId",
            "bool",
            "date",
            "regex",
            "int",
            "timestamp",
            "long",
            "decimal");

    private static final Bytes NO_BYTES = Bytes.of();
    private static final UUID LEAST = new UUID(0, 0);
    private static final UUID GREATEST = new UUID(-1, -1);

    private FilterBson() {}

    /** The filter, possibly one that lets more through. */
    static BsonDocument of(Filter filter) {
        return Raw.document(out -> write(out, filter));
    }

    /** Whether the server's filter lets nothing more through. */
    static boolean isExact(Filter filter) {
        if (filter instanceof Filter.And and) {
            return and.parts().stream().allMatch(FilterBson::isExact);
        }
        if (filter instanceof Filter.Or or) {
            return or.parts().stream().allMatch(FilterBson::isExact);
        }
        if (filter instanceof Filter.Not not) {
            return isExact(not.part());
        }
        if (filter instanceof Filter.Any any) {
            return Elements.isExact(any.element());
        }
        return !(filter instanceof Compare compare) || !ordersBytes(compare);
    }

    static boolean ordersBytes(Compare compare) {
        return compare.value() instanceof Bytes && compare.operator() != Operator.EQ;
    }

    /** Writes the fields of a filter's document. */
    static void write(BsonWriter out, Filter filter) {
        if (filter instanceof Filter.And and) {
            writeAll(out, and.parts());
        } else if (filter instanceof Filter.Or or) {
            writeAny(out, or.parts());
        } else if (filter instanceof Filter.Not not) {
            if (isExact(not)) {
                writeParts(out, "$nor", List.of(not.part()));
            }
        } else {
            writeLeaf(out, filter);
        }
    }

    private static void writeAll(BsonWriter out, List<Filter> parts) {
        if (parts.size() == 1) {
            write(out, parts.get(0));
        } else if (!parts.isEmpty()) {
            writeParts(out, "$and", parts);
        }
    }

    private static void writeAny(BsonWriter out, List<Filter> parts) {
        if (parts.isEmpty()) {
            writeParts(out, "$nor", List.of(Filter.all()));
        } else {
            writeParts(out, "$or", parts);
        }
    }

    private static void writeParts(BsonWriter out, String operator, List<Filter> parts) {
        out.writeStartArray(operator);
        for (Filter part : parts) {
            out.writeStartDocument();
            write(out, part);
            out.writeEndDocument();
        }
        out.writeEndArray();
    }

    private static void writeLeaf(BsonWriter out, Filter filter) {
        if (filter instanceof Compare compare) {
            if (compare.value() == null) {
                writeNothingAt(out, compare.path());
            } else {
                writeAt(out, compare.path(), () -> operators(out, compare));
            }
        } else if (filter instanceof Filter.In in) {
            writeIn(out, in);
        } else if (filter instanceof Filter.Exists exists) {
            if (!exists.path().isWholeKey()) {
                writeGuards(out, exists.path());
                Conditions.exists(out, Names.path(exists.path()), true);
            }
        } else if (filter instanceof Filter.Prefix prefix) {
            writeAt(out, prefix.path(), () -> prefix(out, prefix.prefix()));
        } else if (filter instanceof Filter.Any any) {
            writeGuards(out, any.path());
            out.writeStartDocument(Names.path(any.path()));
            Elements.write(out, any.element());
            out.writeEndDocument();
        }
    }

    private static void writeIn(BsonWriter out, Filter.In in) {
        List<Object> values = new ArrayList<>();
        in.values().stream().filter(Objects::nonNull).forEach(values::add);
        if (values.size() == in.values().size()) {
            writeAt(out, in.path(), () -> in(out, values));
        } else {
            writeAny(
                    out,
                    List.of(
                            new Filter.In(in.path(), new ArrayList<>(values)),
                            Filter.compare(in.path(), Operator.EQ, null)));
        }
    }

    private interface Operators {
        void write();
    }

    /** A filter on the value at a path that is no list, and on the way to which there is none. */
    private static void writeAt(BsonWriter out, FieldPath path, Operators operators) {
        writeGuards(out, path);
        out.writeStartDocument(Names.path(path));
        operators.write();
        if (path.root() == Root.DOCUMENT) {
            writeNoList(out);
            out.writeStartArray("$type"); // word for word as unique indexes have it, or they would not be used
            NOT_NULL.forEach(out::writeString);
            out.writeEndArray();
        }
        out.writeEndDocument();
    }

    private static void writeGuards(BsonWriter out, FieldPath path) {
        for (int i = 1; path.root() == Root.DOCUMENT && i < path.names().size(); i++) {
            out.writeStartDocument(Names.path(path.names().subList(0, i)));
            writeNoList(out);
            out.writeEndDocument();
        }
    }

    /** Null and missing are one, and a path that would go through a list leads nowhere too. */
    private static void writeNothingAt(BsonWriter out, FieldPath path) {
        List<String> names = path.names();
        out.writeStartArray("$or");
        for (int i = 1; path.root() == Root.DOCUMENT && i < names.size(); i++) {
            out.writeStartDocument();
            out.writeStartDocument(Names.path(names.subList(0, i)));
            out.writeString("$type", "array");
            out.writeEndDocument();
            out.writeEndDocument();
        }
        out.writeStartDocument();
        out.writeStartDocument(Names.path(path));
        out.writeNull("$eq");
        writeNoList(out);
        out.writeEndDocument();
        out.writeEndDocument();
        out.writeEndArray();
    }

    static void writeNoList(BsonWriter out) {
        out.writeStartDocument("$not");
        out.writeString("$type", "array");
        out.writeEndDocument();
    }

    /** Writes the operators of a comparison with a value that is not null. */
    static void operators(BsonWriter out, Compare compare) {
        if (ordersBytes(compare)) {
            out.writeName("$gte");
            BsonValues.write(out, NO_BYTES); // the least of them: all
            return;
        }
        out.writeName(operator(compare.operator()));
        BsonValues.write(out, compare.value());
        if (compare.value() instanceof UUID && compare.operator() != Operator.EQ) {
            boolean upwards = compare.operator() == Operator.GT || compare.operator() == Operator.GTE;
            out.writeName(upwards ? "$lte" : "$gte");
            BsonValues.write(out, upwards ? GREATEST : LEAST);
        }
    }

    static void in(BsonWriter out, List<?> values) {
        out.writeStartArray("$in");
        values.forEach(value -> BsonValues.write(out, value));
        out.writeEndArray();
    }

    /** Writes the operators for strings that begin with a text: a range, as the servers order strings by code point. */
    static void prefix(BsonWriter out, String prefix) {
        out.writeString("$gte", prefix);
        String behind = behind(prefix);
        if (behind != null) {
            out.writeString("$lt", behind);
        }
    }

    /** The least text behind all that begin with one; null if there is none. */
    private static @Nullable String behind(String prefix) {
        int[] points = prefix.codePoints().toArray();
        for (int length = points.length; length > 0; length--) {
            int last = points[length - 1];
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return new String(points, 0, length - 1) + Character.toString(next);
            }
        }
        return null;
    }

    private static String operator(Operator operator) {
        return switch (operator) {
            case EQ -> "$eq";
            case LT -> "$lt";
            case LTE -> "$lte";
            case GT -> "$gt";
            case GTE -> "$gte";
        };
    }
}
