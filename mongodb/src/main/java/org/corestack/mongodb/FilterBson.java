package org.corestack.mongodb;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonWriter;
import org.corestack.document.Bytes;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Compare;
import org.corestack.document.Filter.Operator;

/**
 * Filters as the server's.
 *
 * <p>The server looks into lists, at each step of a path and at its end; a guard for each step keeps it from that and
 * leaves the index in use. It orders binary data by length first: UUIDs are compared between the least and the greatest
 * one, and bytes can't be ordered by it, so that such a filter lets all bytes through and {@link #isExact} says no.
 */
final class FilterBson {
    private static final UUID LEAST = new UUID(0, 0);
    private static final UUID GREATEST = new UUID(-1, -1);

    private FilterBson() {}

    /** The filter, possibly one that lets more through. */
    static BsonDocument of(Filter filter) {
        List<Compare> parts = parts(filter);
        if (parts.isEmpty()) {
            return Raw.document(out -> {});
        }
        if (parts.size() == 1) {
            return Raw.document(out -> write(out, parts.get(0)));
        }
        return Raw.document(out -> {
            out.writeStartArray("$and");
            for (Compare part : parts) {
                out.writeStartDocument();
                write(out, part);
                out.writeEndDocument();
            }
            out.writeEndArray();
        });
    }

    /** Whether the server's filter lets nothing more through. */
    static boolean isExact(Filter filter) {
        return parts(filter).stream().noneMatch(FilterBson::ordersBytes);
    }

    private static boolean ordersBytes(Compare compare) {
        return compare.value() instanceof Bytes && compare.operator() != Operator.EQ;
    }

    private static List<Compare> parts(Filter filter) {
        List<Compare> parts = new ArrayList<>();
        if (filter instanceof Compare compare) {
            parts.add(compare);
        } else if (filter instanceof Filter.And and) {
            and.parts().forEach(part -> parts.addAll(parts(part)));
        }
        return parts;
    }

    private static void write(BsonWriter out, Compare compare) {
        List<String> names = compare.path().names();
        if (compare.value() == null && names.size() > 1) {
            writeNothingAt(out, names);
            return;
        }
        for (int i = 1; i < names.size(); i++) {
            out.writeStartDocument(Names.path(names.subList(0, i)));
            writeNoList(out);
            out.writeEndDocument();
        }
        out.writeStartDocument(Names.path(names));
        writeOperators(out, compare);
        writeNoList(out);
        out.writeEndDocument();
    }

    /** Null and missing are one, and a path that would go through a list leads nowhere too. */
    private static void writeNothingAt(BsonWriter out, List<String> names) {
        out.writeStartArray("$or");
        for (int i = 1; i < names.size(); i++) {
            out.writeStartDocument();
            out.writeStartDocument(Names.path(names.subList(0, i)));
            out.writeString("$type", "array");
            out.writeEndDocument();
            out.writeEndDocument();
        }
        out.writeStartDocument();
        out.writeStartDocument(Names.path(names));
        out.writeNull("$eq");
        writeNoList(out);
        out.writeEndDocument();
        out.writeEndDocument();
        out.writeEndArray();
    }

    private static void writeNoList(BsonWriter out) {
        out.writeStartDocument("$not");
        out.writeString("$type", "array");
        out.writeEndDocument();
    }

    private static void writeOperators(BsonWriter out, Compare compare) {
        if (ordersBytes(compare)) {
            out.writeString("$type", "binData");
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
