package org.corestack.table;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Says which keys of another kind an entry concerns, so that a controller of those hears of the entry's changes.
 *
 * <p>Called for every entry when a controller lists, and at every change. A key that an entry named before a change and
 * does not name after it is not told: where that matters, the entry has to say both.
 *
 * @param <K> the type of the table's keys
 * @param <E> the type of the table's entries
 * @param <T> the type of the keys that it gives
 */
@FunctionalInterface
public interface KeyMapping<K, E, T> {
    /**
     * The keys that an entry concerns; may ask a database.
     *
     * @param key the entry's key
     * @param value the entry; null if it was deleted
     * @return none or some keys, none of them null
     * @throws Exception if they can't be told now: asked again, and if that keeps failing the controller subscribes and
     *     lists anew, so that nothing is lost
     */
    Collection<? extends T> keysOf(K key, @Nullable E value) throws Exception;
}
