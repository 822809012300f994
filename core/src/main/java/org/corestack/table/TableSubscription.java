package org.corestack.table;

import org.corestack.document.Change;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.reconcile.KeySink;
import org.corestack.reconcile.KeySubscription;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;

/** Tells a controller of a table's changes. Thread-safe. */
final class TableSubscription<T> implements KeySubscription, WatchListener {
    private final TableKeySource<T> source;
    private final StoreCollection collection;
    private final WatchOptions options;
    private final KeySink<T> sink;
    private final Object lock = new Object();
    private @Nullable Watch watch; // guarded by lock
    private boolean closed; // guarded by lock

    TableSubscription(TableKeySource<T> source, StoreCollection collection, WatchOptions options, KeySink<T> sink) {
        this.source = source;
        this.collection = collection;
        this.options = options;
        this.sink = sink;
    }

    /** Begins to watch from now. */
    void start() {
        Watch started = collection.watch(options, this);
        boolean late;
        synchronized (lock) {
            late = closed;
            watch = late ? null : started;
        }
        if (late) {
            started.close();
        }
    }

    @Override
    public void onChange(Change change) throws TableKeySource.MappingFailed {
        long stamp = source.stamp(change.key(), change.version());
        for (T key : source.keysOf(change.key(), change.document())) {
            sink.changed(key, stamp);
        }
    }

    /** The watch has ended. What was missed the new list shows, and what comes after the list the new watch. */
    @Override
    public void onResync(Resync resync) {
        try {
            start();
        } catch (RuntimeException | Error e) {
            sink.failed(e);
            return;
        }
        sink.relist();
    }

    @Override
    public void onStopped(CoreException reason) {
        sink.failed(reason);
    }

    @Override
    public void close() {
        Watch open;
        synchronized (lock) {
            closed = true;
            open = watch;
            watch = null;
        }
        if (open != null) {
            open.close();
        }
    }
}
