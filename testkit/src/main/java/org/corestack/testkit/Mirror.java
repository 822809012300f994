package org.corestack.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.document.Resync;
import org.corestack.document.StoredDocument;
import org.corestack.store.CollectionSnapshot;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;

/** Follows a collection as a user's cache would: lists and watches, and does so anew at a resync. Thread-safe. */
final class Mirror implements WatchListener, AutoCloseable {
    private final StoreCollection collection;
    private final WatchOptions options;
    private final CountDownLatch gate;
    private final AtomicInteger resyncs = new AtomicInteger();
    private final Map<Key, Document> state = new HashMap<>(); // guarded by this
    private final Map<Key, Long> versions = new HashMap<>(); // guarded by this
    private Watch watch; // guarded by this

    /**
     * Begins.
     *
     * @param gate each change waits for it
     */
    Mirror(StoreCollection collection, WatchOptions options, CountDownLatch gate) {
        this.collection = collection;
        this.options = options;
        this.gate = gate;
        this.watch = follow();
    }

    private synchronized Watch follow() {
        state.clear();
        versions.clear();
        try (CollectionSnapshot snapshot = collection.snapshot(Filter.all())) {
            for (StoredDocument stored : snapshot) {
                state.put(stored.key(), stored.document());
                versions.put(stored.key(), stored.version());
            }
            watch = collection.watch(options.withFrom(snapshot.position()), this);
            return watch;
        }
    }

    @Override
    public void onChange(Change change) throws InterruptedException {
        gate.await();
        synchronized (this) {
            if (change.version() > versions.getOrDefault(change.key(), 0L)) {
                versions.put(change.key(), change.version());
                if (change.document() == null) {
                    state.remove(change.key());
                } else {
                    state.put(change.key(), change.document());
                }
            }
        }
    }

    @Override
    public void onResync(Resync resync) {
        resyncs.incrementAndGet();
        follow();
    }

    int resyncs() {
        return resyncs.get();
    }

    synchronized Map<Key, Document> state() {
        return new HashMap<>(state);
    }

    synchronized Watch watch() {
        return watch;
    }

    @Override
    public void close() {
        watch().close();
    }
}
