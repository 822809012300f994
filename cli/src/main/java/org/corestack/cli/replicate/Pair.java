package org.corestack.cli.replicate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;

/**
 * A collection and its copy.
 *
 * @param store the name of the store of both
 * @param from the collection at the source
 * @param to its copy
 */
record Pair(String store, StoreCollection from, StoreCollection to) {
    /** Of no document, so that only keys are given. */
    private static final FindOptions KEYS = FindOptions.ofDefaults().only(List.of(FieldPath.of("corestack_none")));

    /** For people. */
    String path() {
        return store + "." + from.name();
    }

    /** The documents of some keys. */
    static Map<Key, StoredDocument> read(StoreCollection collection, Collection<Key> keys) {
        Map<Key, StoredDocument> found = new LinkedHashMap<>();
        try (Stream<StoredDocument> stream = collection.stream(of(keys), FindOptions.ofDefaults())) {
            stream.forEach(document -> found.put(document.key(), document));
        }
        return found;
    }

    /** Those of some keys that have a document. */
    static Collection<Key> keys(StoreCollection collection, Collection<Key> keys) {
        try (Stream<StoredDocument> stream = collection.stream(of(keys), KEYS)) {
            return stream.map(StoredDocument::key).toList();
        }
    }

    /** All keys of a collection; a stream to be closed. */
    static Stream<Key> keys(StoreCollection collection) {
        return collection.stream(Filter.all(), KEYS).map(StoredDocument::key);
    }

    /** How many documents there are, in bounded memory on every engine. */
    static long count(StoreCollection collection) {
        try (Stream<Key> keys = keys(collection)) {
            return keys.count();
        }
    }

    static Filter of(Collection<Key> keys) {
        return new Filter.In(FieldPath.key(), keys.stream().map(Key::value).toList());
    }

    /** Whether two documents, either of which may be missing, are the same. */
    static boolean same(@Nullable StoredDocument one, @Nullable StoredDocument other) {
        Document first = one == null ? null : one.document();
        Document second = other == null ? null : other.document();
        return Objects.equals(first, second);
    }
}
