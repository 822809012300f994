package org.corestack.mongodb;

import com.mongodb.client.MongoClient;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ClusterType;
import com.mongodb.connection.ServerDescription;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;

/** Refuses a server that is no member of a replica set, and one older than 4.4. */
final class ReplicaSetCheck implements ServerCheck {
    /** The wire version of MongoDB 4.4. */
    private static final int OLDEST = 9;

    @Override
    public void check(MongoClient client, Deadline deadline) {
        client.getDatabase("admin")
                .withTimeout(Call.millis(deadline), TimeUnit.MILLISECONDS)
                .runCommand(new BsonDocument("ping", new BsonInt32(1)), BsonDocument.class);
        ClusterDescription cluster = client.getClusterDescription();
        if (cluster.getType() == ClusterType.STANDALONE) {
            throw CoreException.unsupported(
                    "the server is a standalone one, which has no feed of changes and no"
                            + " sessions to write in; a replica set is needed, of one member at least (--replSet, rs.initiate())");
        }
        for (ServerDescription server : cluster.getServerDescriptions()) {
            if (server.isOk() && server.getMaxWireVersion() < OLDEST) {
                throw CoreException.unsupported(
                        "the server " + server.getAddress() + " speaks the wire version " + server.getMaxWireVersion()
                                + "; MongoDB 4.4 (version " + OLDEST + ") is the oldest supported");
            }
        }
    }
}
