package org.corestack.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A source of keys in memory: for tests, and for keys that the program itself knows. Thread-safe.
 *
 * @param <K> the type of the keys
 */
public final class MemorySource<K> implements KeySource<K> {
    private final Set<K> keys = new LinkedHashSet<>();
    private final List<KeySink<K>> sinks = new CopyOnWriteArrayList<>();

    /** A source with no keys yet. */
    public MemorySource() {}

    /**
     * Adds a key, unless it is there, and reports it as changed in any case.
     *
     * @param key the key
     */
    public void put(K key) {
        put(key, 0);
    }

    /**
     * Adds a key, unless it is there, and reports it as changed in any case.
     *
     * @param key the key
     * @param stamp names the change, see {@link KeySink#changed}; 0 if it has no name
     */
    public void put(K key, long stamp) {
        Objects.requireNonNull(key, "key");
        synchronized (keys) {
            keys.add(key);
        }
        tell(sink -> sink.changed(key, stamp));
    }

    /**
     * Removes a key, and reports it as changed if it was there.
     *
     * @param key the key
     * @return whether it was there
     */
    public boolean remove(K key) {
        boolean removed;
        synchronized (keys) {
            removed = keys.remove(Objects.requireNonNull(key, "key"));
        }
        if (removed) {
            tell(sink -> sink.changed(key, 0));
        }
        return removed;
    }

    /** Has the controllers list the keys again, as a source does that may have missed something. */
    public void relist() {
        tell(KeySink::relist);
    }

    /**
     * Ends all subscriptions by a failure, as a source does that lost its connection; controllers come again.
     *
     * @param error what they are told
     */
    public void fail(Throwable error) {
        Objects.requireNonNull(error, "error");
        List<KeySink<K>> failing = List.copyOf(sinks);
        sinks.removeAll(failing);
        failing.forEach(sink -> sink.failed(error));
    }

    @Override
    public Keys<K> keys() {
        synchronized (keys) {
            return Keys.of(new ArrayList<>(keys));
        }
    }

    @Override
    public KeySubscription subscribe(KeySink<K> sink) {
        sinks.add(Objects.requireNonNull(sink, "sink"));
        return () -> sinks.remove(sink);
    }

    @Override
    public String toString() {
        return "memory";
    }

    private void tell(Consumer<KeySink<K>> call) {
        sinks.forEach(call);
    }
}
