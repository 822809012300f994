package org.corestack.mongodb;

import com.mongodb.client.ClientSession;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.EngineTransaction;

/** A store: a database of the servers. */
final class MongoStore implements EngineStore {
    /** Names that a store or collection of ours can have; others are not ours to list. */
    static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,47}");

    private final Link link;
    private final String database;
    private final ConcurrentMap<String, StoredCollection> collections = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CollectionIdentity> identities = new ConcurrentHashMap<>();

    MongoStore(Link link, String database) {
        this.link = link;
        this.database = database;
    }

    @Override
    public Set<String> collections(Deadline deadline) {
        return link.run(
                Doing.read("listing the collections of " + database), deadline, call -> collections(call, database));
    }

    static Set<String> collections(Call call, String database) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : call.database(database).listCollectionNames(call.session())) {
            if (NAME.matcher(name).matches()) {
                names.add(name);
            }
        }
        return names;
    }

    @Override
    public EngineTransaction begin(Deadline deadline) {
        return MongoTransaction.begin(link, this, deadline);
    }

    /** Takes a {@code ClientSession} of the same client that has begun a transaction. */
    @Override
    public Optional<EngineTransaction> join(Object handle) {
        return handle instanceof ClientSession session
                ? Optional.of(MongoTransaction.join(link, this, session))
                : Optional.empty();
    }

    @Override
    public EngineCollection collection(String name) {
        return collections.computeIfAbsent(
                name, missing -> StoredCollection.of(link, named(missing), identity(missing)));
    }

    CollectionName named(String collection) {
        return new CollectionName(database, collection);
    }

    /** What is known of a collection, for all that use it. */
    CollectionIdentity identity(String collection) {
        return identities.computeIfAbsent(collection, missing -> new CollectionIdentity(named(missing)));
    }

    @Override
    public String toString() {
        return database;
    }
}
