package org.corestack.mongodb;

import java.util.Objects;
import org.bson.BsonWriter;
import org.corestack.document.FieldPath;
import org.corestack.document.FieldPath.Root;
import org.corestack.document.Filter;

/**
 * Filters on the elements of a list, as {@code $elemMatch}. It has two forms, of which one sees scalars alone and the
 * other documents alone; what mixes them, asks for nulls or negates is left to the client, behind any list.
 */
final class Elements {
    private Elements() {}

    static boolean isExact(Filter element) {
        return isOfScalars(element) || isOfDocuments(element);
    }

    static void write(BsonWriter out, Filter element) {
        if (isOfScalars(element)) {
            out.writeStartDocument("$elemMatch");
            writeScalar(out, element);
            out.writeEndDocument();
        } else if (isOfDocuments(element)) {
            out.writeStartDocument("$elemMatch");
            FilterBson.write(out, element);
            out.writeEndDocument();
        } else {
            out.writeString("$type", "array");
        }
    }

    private static boolean isOfScalars(Filter filter) {
        if (filter instanceof Filter.Compare compare) {
            return isElement(compare.path()) && compare.value() != null && !FilterBson.ordersBytes(compare);
        }
        if (filter instanceof Filter.In in) {
            return isElement(in.path()) && in.values().stream().allMatch(Objects::nonNull);
        }
        return filter instanceof Filter.Prefix prefix && isElement(prefix.path());
    }

    private static boolean isElement(FieldPath path) {
        return path.root() == Root.ELEMENT;
    }

    private static void writeScalar(BsonWriter out, Filter filter) {
        if (filter instanceof Filter.Compare compare) {
            FilterBson.operators(out, compare);
        } else if (filter instanceof Filter.In in) {
            FilterBson.in(out, in.values());
        } else if (filter instanceof Filter.Prefix prefix) {
            FilterBson.prefix(out, prefix.prefix());
        }
    }

    /** Whether it is of fields that are there, so that no scalar and no list among the elements can be meant. */
    private static boolean isOfDocuments(Filter filter) {
        if (filter instanceof Filter.And and) {
            return !and.parts().isEmpty() && and.parts().stream().allMatch(Elements::isOfDocuments);
        }
        if (filter instanceof Filter.Or or) {
            return !or.parts().isEmpty() && or.parts().stream().allMatch(Elements::isOfDocuments);
        }
        if (filter instanceof Filter.Compare compare) {
            return isField(compare.path()) && compare.value() != null && !FilterBson.ordersBytes(compare);
        }
        if (filter instanceof Filter.In in) {
            return isField(in.path()) && in.values().stream().allMatch(Objects::nonNull);
        }
        if (filter instanceof Filter.Any any) {
            return isField(any.path()) && isExact(any.element());
        }
        return filter instanceof Filter.Exists exists
                ? isField(exists.path())
                : filter instanceof Filter.Prefix prefix && isField(prefix.path());
    }

    /** A list among the elements is to the server a document too, whose fields are numbers. */
    private static boolean isField(FieldPath path) {
        return path.root() == Root.DOCUMENT && !Names.isNumber(path.names().get(0));
    }
}
