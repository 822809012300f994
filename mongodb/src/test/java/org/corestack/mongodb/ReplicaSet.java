package org.corestack.mongodb;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.corestack.store.spi.Capability;

/** Fresh databases on the replica set that a system property names: each has names of its own, dropped afterwards. */
final class ReplicaSet {
    static final String PROPERTY = "corestack.test.mongodb.uri";

    private final List<String> prefixes = new ArrayList<>();

    /** What clients of the set must declare, by what its members say that they are. */
    static Set<Capability> capabilities() {
        String uri = System.getProperty(PROPERTY);
        if (uri == null) {
            return Set.of(Capability.TRANSACTIONS);
        }
        try (MongoClient client = MongoClients.create(uri)) {
            BsonDocument hello = client.getDatabase("admin") // not by the name that came with 4.4.2
                    .runCommand(new BsonDocument("isMaster", new BsonInt32(1)), BsonDocument.class);
            int version = hello.getNumber("maxWireVersion").intValue();
            Set<Capability> declared = EnumSet.of(Capability.TRANSACTIONS);
            if (version >= 13 && hello.containsKey("setName")) {
                declared.add(Capability.EXACT_SNAPSHOT);
            }
            if (version >= 17) {
                declared.add(Capability.EXACT_IMAGES);
            }
            return declared;
        }
    }

    String freshDatabase() {
        String prefix = "t" + UUID.randomUUID().toString().substring(0, 8) + "_";
        prefixes.add(prefix);
        String uri = System.getProperty(PROPERTY);
        String option = "corestack.databasePrefix=" + prefix;
        if (uri.contains("?")) {
            return uri + "&" + option;
        }
        boolean path = uri.indexOf('/', uri.indexOf("//") + 2) > 0;
        return uri + (path ? "?" : "/?") + option;
    }

    void drop() {
        try (MongoClient client = MongoClients.create(System.getProperty(PROPERTY))) {
            for (String name : client.listDatabaseNames()) {
                if (prefixes.stream().anyMatch(name::startsWith)) {
                    client.getDatabase(name).drop();
                }
            }
        }
    }
}
