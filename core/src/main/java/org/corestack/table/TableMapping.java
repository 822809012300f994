package org.corestack.table;

import static org.corestack.table.Arguments.notNull;

import java.util.List;
import org.corestack.document.Condition;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;

/**
 * What a table's keys, entries and fields are in documents, and its writes. Thread-safe.
 *
 * @param path the names of store and table, for messages
 * @param keys maps the keys
 * @param entries maps the entries
 * @param fields finds the fields of entries and keys
 * @param stamps names the changes
 */
record TableMapping<K, E>(
        String path, KeyMapper<K> keys, EntryMapper<E> entries, FieldResolver fields, ChangeStamps stamps) {
    /** Of the types; INVALID_ARGUMENT if keys or entries can't be of them. */
    static <K, E> TableMapping<K, E> of(String path, Class<K> keyType, Class<E> entryType, EntryShape shape) {
        KeyMapper<K> keys = new KeyMapper<>(path, notNull(keyType, "keyType"), notNull(shape, "shape"));
        EntryMapper<E> entries = new EntryMapper<>(path, notNull(entryType, "entryType"), shape);
        return new TableMapping<>(path, keys, entries, entries.fields().withKeys(keys), new ChangeStamps(path));
    }

    Write.Insert insert(K key, E value) {
        Key id = keys.toKey(key);
        return new Write.Insert(id, entries.toDocument(id, notNull(value, "value")));
    }

    Write.Replace replace(K key, E value, EntryCondition<? super E> condition) {
        Key id = keys.toKey(key);
        return new Write.Replace(id, entries.toDocument(id, notNull(value, "value")), plain(condition));
    }

    Write.Merge update(K key, E value, EntryCondition<? super E> condition) {
        Key id = keys.toKey(key);
        EntryMapper.Update update = entries.toUpdate(id, notNull(value, "value"));
        return new Write.Merge(id, update.set(), update.unset(), plain(condition));
    }

    Write.Upsert upsert(K key, E value) {
        Key id = keys.toKey(key);
        EntryMapper.Update update = entries.toUpdate(id, notNull(value, "value"));
        return new Write.Upsert(id, update.set(), update.unset());
    }

    Write.Apply patch(K key, EntryPatch<? super E> patch, EntryCondition<? super E> condition, boolean returning) {
        Key id = keys.toKey(key);
        return new Write.Apply(id, notNull(patch, "patch").toPatch(fields), plain(condition), returning);
    }

    Write.Delete delete(K key, EntryCondition<? super E> condition) {
        return new Write.Delete(keys.toKey(key), plain(condition));
    }

    private Condition plain(EntryCondition<? super E> condition) {
        return notNull(condition, "condition").toCondition(fields);
    }

    /** A filter in the terms of documents. */
    Filter plain(EntryFilter<? super E> filter) {
        return notNull(filter, "filter").toFilter(fields);
    }

    /** The entry that a document stands for; UNSUPPORTED if it does not fit the types. */
    Entry<K, E> entry(StoredDocument stored) {
        return new Entry<>(
                keys.fromKey(stored.key()), entries.toValue(stored.key(), stored.document()), stored.version());
    }

    /** The entry that a document with only some fields stands for; UNSUPPORTED if the type needs the others. */
    Entry<K, E> entry(StoredDocument stored, List<FieldPath> only) {
        return only.isEmpty()
                ? entry(stored)
                : new Entry<>(
                        keys.fromKey(stored.key()),
                        entries.toValue(stored.key(), stored.document(), only),
                        stored.version());
    }
}
