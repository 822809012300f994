package org.corestack.mongodb;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Fresh databases on the replica set that a system property names: each has names of its own, dropped afterwards. */
final class ReplicaSet {
    static final String PROPERTY = "corestack.test.mongodb.uri";

    private final List<String> prefixes = new ArrayList<>();

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
