package org.corestack.mongodb;

import com.mongodb.MongoCommandException;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * The UUID that the server gave a collection when it was made: no other collection of any cluster has it, nor one of the
 * same name that is made after this one was dropped. Asked for once. Thread-safe.
 */
final class CollectionIdentity {
    private final CollectionName name;
    private volatile @Nullable UUID known;

    CollectionIdentity(CollectionName name) {
        this.name = name;
    }

    /** Of the collection that is there, or is made now. */
    UUID make(Call call) {
        UUID found = find(call);
        if (found != null) {
            return found;
        }
        try {
            call.database(name.database()).createCollection(call.session(), name.collection());
        } catch (MongoCommandException e) {
            if (e.getCode() != MongoErrors.NAMESPACE_EXISTS) {
                throw e;
            }
        }
        UUID made = ask(call);
        if (made == null) {
            throw CoreException.failedPrecondition("the collection " + name + " was dropped while it was being made");
        }
        return made;
    }

    /** As it was last seen; null if it was not. */
    @Nullable
    UUID known() {
        return known;
    }

    /** Of the collection that is there; null if there is none. */
    @Nullable
    UUID find(Call call) {
        UUID found = known;
        return found != null ? found : ask(call);
    }

    /** Asks the server, whatever was known before. */
    @Nullable
    UUID ask(Call call) {
        BsonDocument anyCase = new BsonDocument("name", new BsonRegularExpression("^" + name.collection() + "$", "i"));
        String other = null;
        UUID found = null;
        for (BsonDocument each : call.database(name.database())
                .listCollections(call.session(), BsonDocument.class)
                .filter(anyCase)) {
            String listed = each.getString("name", new BsonString("")).getValue();
            if (listed.equals(name.collection())) {
                found = uuid(each);
            } else if (listed.equalsIgnoreCase(name.collection())) {
                other = listed;
            }
        }
        if (found == null && other != null) {
            throw CoreException.failedPrecondition("the collection " + name + " can't be made: there is one named "
                    + other + ", and names that differ only in case clash");
        }
        known = found;
        return found;
    }

    private UUID uuid(BsonDocument listed) {
        BsonValue uuid = listed.getDocument("info", new BsonDocument()).get("uuid");
        if (uuid == null || !uuid.isBinary()) {
            throw CoreException.unsupported(name + " is no collection but a "
                    + listed.getString("type", new BsonString("view")).getValue());
        }
        return uuid.asBinary().asUuid();
    }
}
