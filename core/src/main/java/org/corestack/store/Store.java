package org.corestack.store;

import java.time.Duration;
import java.util.Set;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.EngineStore;

/** A named group of collections in a database. Thread-safe; holds nothing that needs closing. */
public final class Store {
    private final StoreClient client;
    private final EngineStore engine;
    private final String name;
    private final Duration timeout;

    Store(StoreClient client, EngineStore engine, String name, Duration timeout) {
        this.client = client;
        this.engine = engine;
        this.name = name;
        this.timeout = timeout;
    }

    /** The store's name. */
    public String name() {
        return name;
    }

    /**
     * The names of the collections that exist.
     *
     * @throws CoreException as any read
     */
    public Set<String> collections() {
        return engine.collections(Arguments.begin("listing the collections of " + name, timeout));
    }

    /**
     * The collection of a name. It comes into being with the first write, index or watch.
     *
     * @param collection a letter, then up to 47 letters, digits, underscores and hyphens
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed
     */
    public StoreCollection collection(String collection) {
        return new StoreCollection(
                client,
                engine.collection(Arguments.name(collection, "collection")),
                name + "." + collection,
                collection,
                timeout);
    }
}
