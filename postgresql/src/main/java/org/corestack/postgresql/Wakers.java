package org.corestack.postgresql;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** The wakers of all stores. Thread-safe. */
final class Wakers {
    private final ConcurrentMap<StoreName, Waker> wakers = new ConcurrentHashMap<>();
    private final Consumer<StoreName> others;
    private final Runnable watched;

    /**
     * None yet.
     *
     * @param others tells other processes of a commit, without making the writer wait
     * @param watched is run when somebody reads a feed
     */
    Wakers(Consumer<StoreName> others, Runnable watched) {
        this.others = others;
        this.watched = watched;
    }

    Waker of(StoreName store) {
        return wakers.computeIfAbsent(store, missing -> new Waker());
    }

    /** Somebody begins to read a feed. */
    void watched() {
        watched.run();
    }

    /** This process has committed something. */
    void committed(StoreName store) {
        of(store).fire();
        others.accept(store);
    }

    /** Another process says that it has committed something to the store of a schema. */
    void heard(String schema) {
        wakers.forEach((store, waker) -> {
            if (store.schema().equals(schema)) {
                waker.fire();
            }
        });
    }

    /** Something may have been missed. */
    void fireAll() {
        wakers.values().forEach(Waker::fire);
    }

    /** Lets all who wait look again at whether they still want to. */
    void wakeAll() {
        wakers.values().forEach(Waker::wake);
    }
}
