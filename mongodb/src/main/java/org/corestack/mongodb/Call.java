package org.corestack.mongodb;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCluster;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.util.concurrent.TimeUnit;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.corestack.document.StoredDocument;
import org.corestack.store.spi.Deadline;

/**
 * One operation, under way: a session, from which the server's time of it is known, and what is left of its time.
 *
 * @param client the driver's client
 * @param session the operation's session, its own or that of its transaction
 * @param deadline by when it must be done
 */
record Call(MongoCluster client, ClientSession session, Deadline deadline) {
    /** What is left, in whole milliseconds and never none, which would be for ever to the driver. */
    static long millis(Deadline deadline) {
        return Math.max(1, deadline.remaining().toMillis());
    }

    /** A database; within a transaction the time that is left is that of the transaction, and the driver takes no other. */
    MongoDatabase database(String name) {
        return isInTransaction()
                ? client.getDatabase(name)
                : client.getDatabase(name).withTimeout(millis(deadline), TimeUnit.MILLISECONDS);
    }

    boolean isInTransaction() {
        return session.hasActiveTransaction();
    }

    /** A collection whose documents are read as ours. */
    MongoCollection<StoredDocument> documents(CollectionName name) {
        return database(name.database()).getCollection(name.collection(), StoredDocument.class);
    }

    /** A collection whose documents are bytes. */
    MongoCollection<RawBsonDocument> raw(CollectionName name) {
        return database(name.database()).getCollection(name.collection(), RawBsonDocument.class);
    }

    /** The server's time of what the call did last: for a write by itself the moment of its commit. */
    BsonTimestamp time() {
        BsonTimestamp time = session.getOperationTime();
        if (time == null) {
            throw new IllegalStateException("the server has told no operation time");
        }
        return time;
    }
}
