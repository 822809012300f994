package org.corestack.mongodb;

import com.mongodb.MongoCommandException;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** Whether the servers keep the documents before and after each change of a collection: an option of the collection. */
final class KeptImages {
    private static final String OPTION = "changeStreamPreAndPostImages";
    private static final String ENABLED = "enabled";

    private final CollectionName name;
    private final CollectionIdentity identity;

    KeptImages(CollectionName name, CollectionIdentity identity) {
        this.name = name;
        this.identity = identity;
    }

    /** As the primary has it. */
    boolean areKept(Call call) {
        BsonDocument listed = call.database(name.database())
                .listCollections(call.session(), BsonDocument.class)
                .filter(new BsonDocument("name", new BsonString(name.collection())))
                .first();
        return listed != null
                && listed.getDocument("options", new BsonDocument())
                        .getDocument(OPTION, new BsonDocument())
                        .getBoolean(ENABLED, BsonBoolean.FALSE)
                        .getValue();
    }

    /** Has them kept from now on, or no longer, whichever server is the primary later. */
    void keep(Call call, boolean keep) {
        if (keep && identity.ask(call) == null) {
            identity.make(call);
        }
        try {
            call.database(name.database())
                    .runCommand(
                            call.session(),
                            new BsonDocument("collMod", new BsonString(name.collection()))
                                    .append(OPTION, new BsonDocument(ENABLED, BsonBoolean.valueOf(keep)))
                                    .append("writeConcern", new BsonDocument("w", new BsonString("majority"))));
        } catch (MongoCommandException e) {
            if (keep || e.getCode() != MongoErrors.NAMESPACE_NOT_FOUND) {
                throw e;
            }
        }
    }
}
