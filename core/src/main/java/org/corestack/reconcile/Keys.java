package org.corestack.reconcile;

import java.util.Iterator;
import java.util.Objects;

/**
 * The keys that a {@link KeySource} lists: an iterator that holds something open, such as a cursor.
 *
 * <p>Not thread-safe. {@code hasNext} and {@code next} may block and may fail with any unchecked exception: the list then
 * counts as failed, and begins anew later.
 *
 * @param <K> the type of the keys
 */
public interface Keys<K> extends Iterator<K>, AutoCloseable {

    /** Frees what the list holds. Idempotent. Called in any case, after a failure too. */
    @Override
    void close();

    /**
     * The keys of a collection in memory, with nothing to close.
     *
     * @param keys the keys; must not be changed while it is iterated, so pass a copy where that may happen
     * @param <K> the type of the keys
     * @return the list
     */
    static <K> Keys<K> of(Iterable<? extends K> keys) {
        Iterator<? extends K> iterator = Objects.requireNonNull(keys, "keys").iterator();
        return new Keys<>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public K next() {
                return iterator.next();
            }

            @Override
            public void close() {
                // Memory needs no closing.
            }
        };
    }
}
