package org.corestack.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.EngineTransaction;
import org.jspecify.annotations.Nullable;

/**
 * Several operations that take effect together or not at all, within {@link Store#inTransaction}. For the thread that
 * runs the work, and as long as it runs: FAILED_PRECONDITION afterwards.
 */
public final class StoreTransaction {
    private final StoreClient client;
    private final EngineTransaction engine;
    private final String store;
    private final Duration timeout;

    private StoreTransaction(StoreClient client, EngineTransaction engine, String store, Duration timeout) {
        this.client = client;
        this.engine = engine;
        this.store = store;
        this.timeout = timeout;
    }

    /**
     * A collection of the store within the transaction. It has no feed: no snapshot, watch, position or index.
     *
     * @param name a letter, then up to 47 letters, digits, underscores and hyphens
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed
     */
    public StoreCollection collection(String name) {
        return new StoreCollection(
                client, engine.collection(Arguments.name(name, "collection")), store + "." + name, name, timeout, true);
    }

    /** The store's name. */
    public String store() {
        return store;
    }

    static <T extends @Nullable Object> T run(
            StoreClient client,
            EngineStore engine,
            String store,
            Duration timeout,
            Function<StoreTransaction, T> work) {
        String what = "a transaction of " + store;
        Deadline deadline = Arguments.begin(what, timeout);
        if (!client.capabilities().contains(Capability.TRANSACTIONS)) {
            throw CoreException.unsupported(
                    what + " is not to be had: the engine, in this version of its server, has none");
        }
        RetryDelay delay = new RetryDelay(Duration.ofMillis(2), Duration.ofMillis(200));
        while (true) {
            try (EngineTransaction transaction = engine.begin(deadline)) {
                try {
                    T result = work.apply(new StoreTransaction(client, transaction, store, timeout));
                    transaction.commit(deadline);
                    return result;
                } catch (RuntimeException e) {
                    if (!transaction.canRetry(e) || deadline.isExpired()) {
                        throw e;
                    }
                }
            }
            LockSupport.parkNanos(delay.next().toNanos());
            Arguments.begin(what, timeout);
        }
    }

    static <T extends @Nullable Object> T join(
            StoreClient client,
            EngineStore engine,
            String store,
            Duration timeout,
            Object handle,
            Function<StoreTransaction, T> work) {
        Deadline deadline = Arguments.begin("a transaction of " + store, timeout);
        try (EngineTransaction transaction = engine.join(handle)
                .orElseThrow(() -> CoreException.invalidArgument("the engine of " + store
                        + " can't use a transaction of a " + handle.getClass().getName()))) {
            T result = work.apply(new StoreTransaction(client, transaction, store, timeout));
            transaction.commit(deadline);
            return result;
        }
    }
}
