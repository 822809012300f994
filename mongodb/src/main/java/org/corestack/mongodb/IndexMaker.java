package org.corestack.mongodb;

import com.mongodb.client.model.IndexOptions;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.corestack.document.Index;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;

/** Makes indexes: on a path, then on the key, so that lists that are sorted by the path come from the index. */
final class IndexMaker {
    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;

    IndexMaker(Link link, CollectionName name, CollectionIdentity identity) {
        this.link = link;
        this.name = name;
        this.identity = identity;
    }

    void ensure(Index index, Deadline deadline) {
        String path = Names.path(index.path().names());
        BsonDocument keys = Raw.document(out -> {
            out.writeInt32(path, 1);
            out.writeInt32(Names.ID, 1);
        });
        Doing doing = Doing.read("making the index " + index.name() + " of " + name);
        link.run(doing, deadline, call -> {
            identity.make(call);
            boolean there = false;
            for (BsonDocument each : call.raw(name).listIndexes(call.session(), BsonDocument.class)) {
                there |= serves(each, index, path, keys);
            }
            if (!there) {
                call.raw(name).createIndex(call.session(), keys, new IndexOptions().name(index.name()));
            }
            return there;
        });
    }

    /**
     * Whether an index that is there does what the wanted one does: it has its name and begins with its path, be it one
     * of another program's that is sparse or lets documents expire; or it is the same under another name.
     */
    private boolean serves(BsonDocument listed, Index index, String path, BsonDocument keys) {
        String other = listed.getString("name", new BsonString("")).getValue();
        BsonDocument key = listed.getDocument("key", new BsonDocument());
        boolean partial = listed.containsKey("partialFilterExpression");
        if (!other.equalsIgnoreCase(index.name())) {
            return key.equals(keys) && !partial && !listed.containsKey("sparse");
        }
        boolean begins = !key.isEmpty() && key.getFirstKey().equals(path) && key.isNumber(path);
        if (other.equals(index.name()) && begins && !partial) {
            return true;
        }
        throw new CoreException(
                ErrorCode.ALREADY_EXISTS,
                "the index " + index.name() + " of " + name + " can't be made on " + path + ": there is one named "
                        + other + " on " + key.toJson());
    }
}
