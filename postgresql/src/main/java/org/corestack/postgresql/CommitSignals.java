package org.corestack.postgresql;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.corestack.sql.CommitSignal;

/** Tell of commits, for each store. Thread-safe. */
final class CommitSignals {
    private final ConcurrentMap<StoreName, CommitSignal> signals = new ConcurrentHashMap<>();
    private final Consumer<StoreName> others;
    private final Runnable watched;

    /**
     * None yet.
     *
     * @param others tells other processes of a commit, without making the writer wait
     * @param watched is run when somebody reads a feed
     */
    CommitSignals(Consumer<StoreName> others, Runnable watched) {
        this.others = others;
        this.watched = watched;
    }

    CommitSignal of(StoreName store) {
        return signals.computeIfAbsent(store, missing -> new CommitSignal(() -> {}));
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
        signals.forEach((store, signal) -> {
            if (store.schema().equals(schema)) {
                signal.fire();
            }
        });
    }

    /** Something may have been missed. */
    void fireAll() {
        signals.values().forEach(CommitSignal::fire);
    }
}
