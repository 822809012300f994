package org.corestack.table;

import java.util.Collection;
import java.util.List;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.reconcile.KeySink;
import org.corestack.reconcile.KeySource;
import org.corestack.reconcile.KeySubscription;
import org.corestack.reconcile.Keys;
import org.corestack.store.StoreCollection;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that a table's entries give to controllers, from a snapshot and a watch. Thread-safe. */
final class TableKeySource<T> implements KeySource<T> {
    private static final Logger LOG = LoggerFactory.getLogger(TableKeySource.class);

    private final String name;
    private final StoreCollection collection;
    private final WatchOptions options;
    private final ChangeStamps stamps;
    private final Extraction<T> extraction;

    private TableKeySource(
            String name,
            StoreCollection collection,
            WatchOptions options,
            ChangeStamps stamps,
            Extraction<T> extraction) {
        this.name = name;
        this.collection = collection;
        this.options = options;
        this.stamps = stamps;
        this.extraction = extraction;
    }

    /** Of the table's own keys. */
    static <K> TableKeySource<K> direct(String name, StoreCollection collection, TableMapping<K, ?> table) {
        return new TableKeySource<>(
                name,
                collection,
                options().withKeysOnly(),
                table.stamps(),
                (key, document) -> List.of(table.keys().fromKey(key)));
    }

    /** Of keys of another kind. */
    static <K, E, T> TableKeySource<T> mapped(
            String name,
            StoreCollection collection,
            TableMapping<K, E> table,
            KeyMapping<? super K, ? super E, T> mapping) {
        return new TableKeySource<>(name, collection, options(), table.stamps(), (key, document) -> {
            K own = table.keys().fromKey(key);
            E value = document == null ? null : table.entries().toValue(key, document);
            return callMapping(mapping, own, value);
        });
    }

    /** A mapping that keeps failing ends the subscription, as skipping the change would lose keys. */
    private static WatchOptions options() {
        WatchOptions defaults = WatchOptions.ofDefaults();
        return defaults.withPoison(defaults.attempts(), WatchOptions.Poison.STOP);
    }

    private static <K, E, T> Collection<? extends T> callMapping(
            KeyMapping<? super K, ? super E, T> mapping, K key, @Nullable E value) throws MappingFailed {
        try {
            return List.copyOf(mapping.keysOf(key, value));
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new MappingFailed(key, e);
        }
    }

    /** Gets the keys out of a document. */
    private interface Extraction<T> {
        /** CoreException if the document can't be read. */
        Collection<? extends T> keysOf(Key key, @Nullable Document document) throws MappingFailed;
    }

    /** The user's mapping threw, which is not the document's fault. */
    static final class MappingFailed extends Exception {
        private static final long serialVersionUID = 1L;

        MappingFailed(Object key, Exception cause) {
            super("the mapping of keys threw on the entry " + key, cause);
        }
    }

    /**
     * The keys of a document; none where it does not fit the table's types, as no retry would help and one such must not
     * stop the rest.
     */
    Collection<? extends T> keysOf(Key key, @Nullable Document document) throws MappingFailed {
        try {
            return extraction.keysOf(key, document);
        } catch (CoreException e) {
            LOG.warn("an entry gives no key to controllers, as it can't be read: {}", e.getMessage());
            return List.of();
        }
    }

    long stamp(Key key, long version) {
        return stamps.of(key, version);
    }

    @Override
    public Keys<T> keys() {
        return new TableKeys<>(this, collection.snapshot(Filter.all()));
    }

    @Override
    public KeySubscription subscribe(KeySink<T> sink) {
        TableSubscription<T> subscription =
                new TableSubscription<>(this, collection, options, Arguments.notNull(sink, "sink"));
        subscription.start();
        return subscription;
    }

    @Override
    public String toString() {
        return name;
    }
}
