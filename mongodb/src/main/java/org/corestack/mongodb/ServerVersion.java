package org.corestack.mongodb;

import com.mongodb.client.MongoClient;
import com.mongodb.connection.ServerDescription;
import java.util.List;

/** A version of the servers from which on they can do something. */
enum ServerVersion {
    /** MongoDB 5.0: sessions that see one moment. */
    SNAPSHOT_SESSIONS(13),
    /** MongoDB 6.0: documents before and after each change. */
    IMAGES(17);

    private final int wireVersion;

    ServerVersion(int wireVersion) {
        this.wireVersion = wireVersion;
    }

    /** Whether all servers that a client knows are of it or of a later one; not where it knows none. */
    boolean isThatOfAll(MongoClient client) {
        List<ServerDescription> known = known(client);
        return !known.isEmpty() && known.stream().allMatch(server -> server.getMaxWireVersion() >= wireVersion);
    }

    /** The servers that have said what they are. */
    static List<ServerDescription> known(MongoClient client) {
        return client.getClusterDescription().getServerDescriptions().stream()
                .filter(ServerDescription::isOk)
                .toList();
    }
}
