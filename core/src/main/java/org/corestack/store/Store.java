package org.corestack.store;

import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.EngineStore;
import org.jspecify.annotations.Nullable;

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
                timeout,
                false);
    }

    /**
     * Does several operations that take effect together or not at all. They see their own writes, and of others'
     * those that were confirmed before the first of them; where another has written meanwhile what they write, all of it
     * is done anew, so that the work may be run several times.
     *
     * <p>With {@link org.corestack.store.spi.Capability#SERIALIZABLE_TRANSACTIONS} that is so for what they have only read
     * as well, among transactions: they take effect as if one had run after the other. Without it, and against writes
     * outside of transactions, what is read may have changed by the time that they take effect: write what a decision
     * hangs on, if only by a condition.
     *
     * @param work what is done, on this thread; what it throws undoes all of it and is thrown from here. Only what it
     *     does on the collections of the transaction is part of it
     * @return what the work returns
     * @throws CoreException UNSUPPORTED if the engine or its server has no transactions, CONFLICT if the others did not
     *     leave it a chance within the timeout, and as every write
     */
    public <T extends @Nullable Object> T inTransaction(Function<StoreTransaction, T> work) {
        Arguments.notNull(work, "work");
        return StoreTransaction.run(client, engine, name, timeout, work);
    }

    /**
     * Does operations within a transaction that the caller has begun on a native handle and will end: a JDBC
     * {@code Connection}, a driver's session. They take effect with what else the caller does there. Watchers may hear of
     * them somewhat later than of other writes.
     *
     * @param handle of this store's database
     * @param work what is done, on this thread, once
     * @return what the work returns
     * @throws CoreException INVALID_ARGUMENT if the engine has no use for such a handle, FAILED_PRECONDITION if it has no
     *     open transaction, and as every write; the caller then rolls back
     */
    public <T extends @Nullable Object> T inTransaction(Object handle, Function<StoreTransaction, T> work) {
        Arguments.notNull(work, "work");
        return StoreTransaction.join(client, engine, name, timeout, Arguments.notNull(handle, "handle"), work);
    }
}
