package org.corestack.sqlite;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.EngineTransaction;

/** A store: the collections whose tables share a prefix, and their part of the log. */
final class SqliteStore implements EngineStore {
    private final Database database;
    private final String name;
    private final SqliteChanges changes;
    private final ConcurrentMap<String, SqliteCollection> collections = new ConcurrentHashMap<>();

    SqliteStore(Database database, String name) {
        this.database = database;
        this.name = name;
        this.changes = new SqliteChanges(database, name);
    }

    @Override
    public Set<String> collections(Deadline deadline) {
        return database.reads()
                .read(deadline, "listing the collections of " + name, session -> Catalog.names(session, name));
    }

    @Override
    public EngineCollection collection(String collection) {
        return collections.computeIfAbsent(
                collection,
                missing -> new SqliteCollection(
                        database, new DirectAccess(database), new CollectionName(name, missing), changes));
    }

    @Override
    public EngineTransaction begin(Deadline deadline) {
        return database.transactions().begin(database, name, deadline);
    }

    @Override
    public Optional<EngineTransaction> join(Object handle) {
        return database.transactions().join(database, name, handle).map(transaction -> transaction);
    }
}
