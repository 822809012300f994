package org.corestack.table;

import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.store.WatchListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the changes of a collection to a listener in the table's types. */
final class EntryDelivery<K, E> implements WatchListener {
    private static final Logger LOG = LoggerFactory.getLogger(EntryDelivery.class);

    private final KeyMapper<K> keys;
    private final EntryMapper<E> entries;
    private final EntryListener<K, E> listener;

    EntryDelivery(KeyMapper<K> keys, EntryMapper<E> entries, EntryListener<K, E> listener) {
        this.keys = keys;
        this.entries = entries;
        this.listener = listener;
    }

    @Override
    public void onChange(Change change) throws Exception {
        EntryChange<K, E> typed;
        try {
            typed = typed(change);
        } catch (CoreException e) {
            LOG.warn("a change is passed over, as it can't be read: {}", e.getMessage());
            listener.onUnreadable(change, e);
            return;
        }
        listener.onChange(typed);
    }

    private EntryChange<K, E> typed(Change change) {
        return new EntryChange<>(
                keys.fromKey(change.key()),
                change.operation(),
                value(change, change.before()),
                value(change, change.document()),
                change.version(),
                change.time(),
                change.source(),
                change.position());
    }

    private @Nullable E value(Change change, @Nullable Document document) {
        return document == null ? null : entries.toValue(change.key(), document);
    }

    @Override
    public void onBookmark(Position position) throws Exception {
        listener.onBookmark(position);
    }

    @Override
    public void onResync(Resync resync) throws Exception {
        listener.onResync(resync);
    }

    @Override
    public void onFailure(CoreException error) {
        listener.onFailure(error);
    }

    @Override
    public void onStopped(CoreException reason) {
        listener.onStopped(reason);
    }
}
