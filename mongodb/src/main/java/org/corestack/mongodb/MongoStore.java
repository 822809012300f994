package org.corestack.mongodb;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
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
        throw CoreException.unsupported("transactions on MongoDB are not there yet");
    }

    @Override
    public Optional<EngineTransaction> join(Object handle) {
        return Optional.empty();
    }

    @Override
    public EngineCollection collection(String name) {
        return collections.computeIfAbsent(
                name, missing -> new StoredCollection(link, new CollectionName(database, missing)));
    }
}
