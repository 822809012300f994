package org.corestack.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;

/**
 * Several writes of a table's entries, each all or nothing by itself, sent together: faster than one by one, and not a
 * transaction. Made by {@link Table#bulk}, used once. Not thread-safe.
 *
 * <pre>{@code
 * List<EntryResult<String>> results = orders.bulk().insert("o-1", first).update("o-2", second).delete("o-3").run();
 * }</pre>
 *
 * @param <K> the type of the keys
 * @param <E> the type of the entries
 */
public final class EntryBulk<K, E> {
    private final Table<K, E> table;
    private final List<K> keys = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private boolean ran;

    EntryBulk(Table<K, E> table) {
        this.table = table;
    }

    /** Adds what {@link Table#insert} does. */
    public EntryBulk<K, E> insert(K key, E value) {
        return add(key, table.mapping().insert(key, value));
    }

    /** Adds what {@link Table#replace(Object, Object)} does. */
    public EntryBulk<K, E> replace(K key, E value) {
        return replace(key, value, EntryCondition.none());
    }

    /** Adds what {@link Table#replace(Object, Object, EntryCondition)} does. */
    public EntryBulk<K, E> replace(K key, E value, EntryCondition<? super E> condition) {
        return add(key, table.mapping().replace(key, value, condition));
    }

    /** Adds what {@link Table#update(Object, Object)} does. */
    public EntryBulk<K, E> update(K key, E value) {
        return update(key, value, EntryCondition.none());
    }

    /** Adds what {@link Table#update(Object, Object, EntryCondition)} does. */
    public EntryBulk<K, E> update(K key, E value, EntryCondition<? super E> condition) {
        return add(key, table.mapping().update(key, value, condition));
    }

    /** Adds what {@link Table#upsert} does. */
    public EntryBulk<K, E> upsert(K key, E value) {
        return add(key, table.mapping().upsert(key, value));
    }

    /** Adds what {@link Table#patch(Object, EntryPatch)} does. */
    public EntryBulk<K, E> patch(K key, EntryPatch<? super E> patch) {
        return patch(key, patch, EntryCondition.none());
    }

    /** Adds what {@link Table#patch(Object, EntryPatch, EntryCondition)} does. */
    public EntryBulk<K, E> patch(K key, EntryPatch<? super E> patch, EntryCondition<? super E> condition) {
        return add(key, table.mapping().patch(key, patch, condition, false));
    }

    /** Adds what {@link Table#delete(Object)} does, apart from an entry that is not there, which is NOT_FOUND here. */
    public EntryBulk<K, E> delete(K key) {
        return delete(key, EntryCondition.none());
    }

    /** Adds what {@link Table#delete(Object, EntryCondition)} does, apart from an entry that is not there: NOT_FOUND. */
    public EntryBulk<K, E> delete(K key, EntryCondition<? super E> condition) {
        return add(key, table.mapping().delete(key, condition));
    }

    private EntryBulk<K, E> add(K key, Write write) {
        if (ran) {
            throw CoreException.failedPrecondition("the bulk of " + table + " ran already; begin another");
        }
        if (writes.size() == StoreCollection.MAX_WRITES) {
            throw CoreException.invalidArgument(
                    "a bulk takes at most " + StoreCollection.MAX_WRITES + " writes; run this one and begin another");
        }
        keys.add(key);
        writes.add(write);
        return this;
    }

    /** How many writes were added. */
    public int size() {
        return writes.size();
    }

    /**
     * Does the writes, those of one key in their order.
     *
     * @return a result for each, in their order; none where nothing was added
     * @throws CoreException FAILED_PRECONDITION if it ran already; and where nothing can be said of the writes one by one,
     *     such as UNAVAILABLE: some may have taken place then
     */
    public List<EntryResult<K>> run() {
        if (ran) {
            throw CoreException.failedPrecondition("the bulk of " + table + " ran already; begin another");
        }
        ran = true;
        List<BulkResult> outcomes = table.collection().writeAll(writes);
        List<EntryResult<K>> results = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof BulkResult.Applied applied) {
                Key key = applied.key();
                results.add(new EntryResult.Applied<>(keys.get(i), table.wrote(key, applied.written())));
            } else {
                results.add(new EntryResult.Failed<>(keys.get(i), ((BulkResult.Failed) outcomes.get(i)).error()));
            }
        }
        return Collections.unmodifiableList(results);
    }
}
