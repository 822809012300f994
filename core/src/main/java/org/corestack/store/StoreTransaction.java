package org.corestack.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
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
    private final List<Runnable> afterwards = new ArrayList<>();
    private boolean committed;
    private boolean over;

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
        checkOpen();
        return new StoreCollection(
                client, engine.collection(Arguments.name(name, "collection")), store + "." + name, name, timeout, true);
    }

    /**
     * Runs something, on the thread of the work, once the transaction has taken effect, and not where it is undone or done
     * anew. Where the transaction is the caller's own it runs after the work, whatever becomes of the transaction later.
     *
     * @param action what is run; what it throws is thrown to the caller behind the other actions, though the transaction has
     *     taken effect
     * @throws CoreException FAILED_PRECONDITION if the transaction is over
     */
    public void afterCommit(Runnable action) {
        checkOpen();
        afterwards.add(Arguments.notNull(action, "action"));
    }

    private void checkOpen() {
        if (over) {
            throw CoreException.failedPrecondition("the transaction of " + store + " is over");
        }
    }

    private <T extends @Nullable Object> T work(Function<StoreTransaction, T> work, Deadline deadline) {
        try {
            T result = work.apply(this);
            engine.commit(deadline);
            committed = true;
            over = true;
            runAfterwards();
            return result;
        } finally {
            over = true;
        }
    }

    /** All of them, as one does not know of the others; then throws what the first threw that did. */
    private void runAfterwards() {
        RuntimeException first = null;
        for (Runnable action : afterwards) {
            try {
                action.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
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
            RuntimeException failure;
            try (EngineTransaction transaction = engine.begin(deadline)) {
                StoreTransaction attempt = new StoreTransaction(client, transaction, store, timeout);
                try {
                    return attempt.work(work, deadline);
                } catch (RuntimeException e) {
                    if (attempt.committed || !transaction.canRetry(e)) {
                        throw e;
                    }
                    failure = e;
                }
            }
            Duration pause = delay.next();
            if (pause.compareTo(deadline.remaining()) >= 0) {
                throw lost(what, timeout, failure);
            }
            LockSupport.parkNanos(pause.toNanos());
            Arguments.begin(what, timeout); // CANCELED if the thread was interrupted meanwhile
        }
    }

    private static CoreException lost(String what, Duration timeout, RuntimeException last) {
        return new CoreException(
                ErrorCode.CONFLICT,
                what + " kept losing against others, for " + timeout + ": " + last.getMessage(),
                last);
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
            return new StoreTransaction(client, transaction, store, timeout).work(work, deadline);
        }
    }
}
