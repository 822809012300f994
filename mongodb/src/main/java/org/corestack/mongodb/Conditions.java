package org.corestack.mongodb;

import org.bson.BsonWriter;
import org.corestack.document.Condition;
import org.corestack.document.Key;

/** Which document a write means, as the fields of a filter. */
final class Conditions {
    private Conditions() {}

    /** The document of a key. */
    static void key(BsonWriter out, Key key) {
        out.writeName(Names.ID);
        BsonKeys.write(out, key);
    }

    /** What must hold of it. */
    static void condition(BsonWriter out, Condition condition) {
        if (condition instanceof Condition.IfVersion same) {
            version(out, same.version());
        } else if (condition instanceof Condition.Matching matching) {
            out.writeStartArray("$and");
            out.writeStartDocument();
            FilterBson.write(out, matching.filter());
            out.writeEndDocument();
            out.writeEndArray();
        }
    }

    /** Whether the server can judge it. */
    static boolean isExact(Condition condition) {
        return !(condition instanceof Condition.Matching matching) || FilterBson.isExact(matching.filter());
    }

    /** The document is of a version; of none where another system wrote it. */
    static void version(BsonWriter out, long version) {
        if (version == 0) {
            exists(out, Names.META_VERSION, false);
        } else {
            out.writeTimestamp(Names.META_VERSION, Versions.time(version));
        }
    }

    static void exists(BsonWriter out, String path, boolean exists) {
        out.writeStartDocument(path);
        out.writeBoolean("$exists", exists);
        out.writeEndDocument();
    }
}
