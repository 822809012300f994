package org.corestack.mongodb;

import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The unique indexes of a collection, for a transaction: what one of them forbids is looked for before it is written, as
 * the server would undo the whole transaction. What only another transaction has written, and lists of values, are left to
 * the server. For one thread at a time.
 */
final class UniqueIndexes {
    private final Link link;
    private final CollectionName name;
    private @Nullable List<UniqueIndex> known;

    private record UniqueIndex(String name, List<List<String>> paths) {}

    UniqueIndexes(Link link, CollectionName name) {
        this.link = link;
        this.name = name;
    }

    /**
     * Returns if a document of the key can be stored.
     *
     * @throws CoreException ALREADY_EXISTS naming the index that forbids it
     */
    void check(Doing doing, Call call, Key key, Document document) {
        for (UniqueIndex index : indexes(doing, call)) {
            List<Object> values = new ArrayList<>();
            for (List<String> path : index.paths) {
                Object value = at(document, path);
                if (value != null && !(value instanceof List<?>)) {
                    values.add(value);
                }
            }
            boolean compared = values.size() == index.paths.size();
            if (compared && isTaken(call, key, index, values)) {
                throw new CoreException(
                        ErrorCode.ALREADY_EXISTS,
                        doing + " failed: another document has its values under the unique index " + index.name);
            }
        }
    }

    private boolean isTaken(Call call, Key key, UniqueIndex index, List<Object> values) {
        Bson other = Raw.document(out -> {
            out.writeStartDocument(Names.ID);
            out.writeName("$ne");
            BsonKeys.write(out, key);
            out.writeEndDocument();
            for (int i = 0; i < values.size(); i++) {
                out.writeStartDocument(Names.path(index.paths.get(i)));
                out.writeName("$eq");
                BsonValues.write(out, values.get(i));
                out.writeEndDocument();
            }
        });
        return call.raw(name).find(call.session(), other).first() != null;
    }

    private static @Nullable Object at(Document document, List<String> path) {
        Object value = document;
        for (String field : path) {
            value = value instanceof Document inner ? inner.get(field) : null;
        }
        return value;
    }

    /** Outside of the transaction, in which indexes can't be listed. */
    private List<UniqueIndex> indexes(Doing doing, Call call) {
        List<UniqueIndex> found = known;
        if (found == null) {
            found = link.run(doing, call.deadline(), outside -> {
                List<UniqueIndex> unique = new ArrayList<>();
                for (RawBsonDocument each : outside.raw(name).listIndexes(outside.session(), RawBsonDocument.class)) {
                    if (each.getBoolean("unique", org.bson.BsonBoolean.FALSE).getValue()) {
                        unique.add(unique(each));
                    }
                }
                return unique;
            });
            known = found;
        }
        return found;
    }

    private static UniqueIndex unique(BsonDocument listed) {
        List<List<String>> paths = new ArrayList<>();
        for (String path : listed.getDocument("key").keySet()) {
            List<String> names = new ArrayList<>();
            for (String part : path.split("\\.", -1)) {
                names.add(Names.decode(part));
            }
            paths.add(names);
        }
        BsonValue name = listed.get("name", new BsonString(""));
        return new UniqueIndex(name.isString() ? name.asString().getValue() : "", paths);
    }
}
