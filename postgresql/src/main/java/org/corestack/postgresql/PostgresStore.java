package org.corestack.postgresql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineStore;

/** A store: a schema, and its log. */
final class PostgresStore implements EngineStore {
    private final Database database;
    private final StoreName name;
    private final PostgresChanges changes;
    private final Schema schema;
    private final ConcurrentMap<String, PostgresCollection> collections = new ConcurrentHashMap<>();

    PostgresStore(Database database, String name) {
        this.database = database;
        this.name = new StoreName(name);
        this.schema = new Schema(database.pool(), this.name);
        this.changes = new PostgresChanges(database, this.name, schema);
    }

    @Override
    public Set<String> collections(Deadline deadline) {
        return schema.collections(deadline);
    }

    @Override
    public EngineCollection collection(String collection) {
        return collections.computeIfAbsent(
                collection,
                missing -> new PostgresCollection(database, new CollectionName(name, missing), changes, schema));
    }
}
