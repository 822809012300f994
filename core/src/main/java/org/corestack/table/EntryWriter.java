package org.corestack.table;

import org.corestack.document.Written;
import org.corestack.errors.CoreException;

/**
 * What writes entries. A write of one entry is all or nothing, and durable once it returns; its errors are those that
 * {@link Table} names, and those of the method.
 *
 * @param <K> the type of the keys
 * @param <E> the type of the entries
 */
public sealed interface EntryWriter<K, E> permits Table {
    /**
     * Creates an entry.
     *
     * @throws CoreException ALREADY_EXISTS if the key is taken
     */
    Written insert(K key, E value);

    /**
     * Replaces a whole entry, fields included that the type does not know. {@link #update(Object, Object)} leaves those.
     *
     * @throws CoreException NOT_FOUND if there is none
     */
    default Written replace(K key, E value) {
        return replace(key, value, EntryCondition.none());
    }

    /**
     * Replaces a whole entry if a condition holds.
     *
     * @throws CoreException NOT_FOUND if there is none, CONFLICT if the condition does not hold
     */
    Written replace(K key, E value, EntryCondition<? super E> condition);

    /**
     * Sets an entry's top-level fields, each as a whole, and removes those that the type knows and the value has not.
     * Fields that the type does not know stay, so that programs of two versions can share a table.
     *
     * @throws CoreException NOT_FOUND if there is no entry
     */
    default Written update(K key, E value) {
        return update(key, value, EntryCondition.none());
    }

    /**
     * Updates an entry as {@link #update(Object, Object)} does, if a condition holds.
     *
     * @param condition such as {@code ifVersion(entry.version())} or {@code ifMatches(field(Order::status).eq(NEW))}
     * @throws CoreException NOT_FOUND if there is no entry, CONFLICT if the condition does not hold
     */
    Written update(K key, E value, EntryCondition<? super E> condition);

    /** Creates an entry or, where there is one, updates it as {@link #update(Object, Object)} does. */
    Written upsert(K key, E value);

    /**
     * Changes some fields of an entry.
     *
     * @throws CoreException NOT_FOUND if there is no entry, INVALID_ARGUMENT if two steps touch one field, or a step
     *     does not fit the entry (an increment of what is no number, or beyond 64 bits)
     */
    default Written patch(K key, EntryPatch<? super E> patch) {
        return patch(key, patch, EntryCondition.none());
    }

    /**
     * Changes some fields of an entry if a condition holds.
     *
     * @throws CoreException as {@link #patch(Object, EntryPatch)}, and CONFLICT if the condition does not hold
     */
    Written patch(K key, EntryPatch<? super E> patch, EntryCondition<? super E> condition);

    /**
     * Changes some fields of an entry and gives the entry after it, with nothing of another's between.
     *
     * @throws CoreException as {@link #patch(Object, EntryPatch)}; UNSUPPORTED if the entry then does not fit the type, in
     *     which case it was changed
     */
    default Entry<K, E> patchAndGet(K key, EntryPatch<? super E> patch) {
        return patchAndGet(key, patch, EntryCondition.none());
    }

    /**
     * Changes some fields of an entry if a condition holds, and gives the entry after it.
     *
     * @throws CoreException as {@link #patchAndGet(Object, EntryPatch)}, and CONFLICT if the condition does not hold
     */
    Entry<K, E> patchAndGet(K key, EntryPatch<? super E> patch, EntryCondition<? super E> condition);

    /** Deletes an entry; says whether there was one. */
    default boolean delete(K key) {
        return delete(key, EntryCondition.none());
    }

    /**
     * Deletes an entry if a condition holds; says whether there was one.
     *
     * @throws CoreException CONFLICT if there is an entry and the condition does not hold
     */
    boolean delete(K key, EntryCondition<? super E> condition);

    /**
     * Deletes the entries that match, in batches, each by itself. Those that begin to match meanwhile may stay. A
     * controller takes the changes for another's.
     *
     * @return how many
     * @throws CoreException as every write; some are deleted then
     */
    long deleteMany(EntryFilter<? super E> filter);

    /** Begins several writes that are sent together. */
    EntryBulk<K, E> bulk();
}
