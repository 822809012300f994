package org.corestack.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.jspecify.annotations.Nullable;

/** The documents of a {@link MemoryEngine}, as they are or as a transaction sees them. Guarded by the engine. */
final class MemoryState {
    private final Map<String, Map<Key, StoredDocument>> collections = new HashMap<>();
    private long version;
    private long base;

    /** One that can be changed by itself. */
    MemoryState copy() {
        MemoryState copy = new MemoryState();
        collections.forEach((name, documents) -> copy.collections.put(name, new TreeMap<>(documents)));
        copy.version = version;
        copy.base = version;
        return copy;
    }

    /** The newest version of a document. */
    long version() {
        return version;
    }

    /** The version of what it is a copy of. */
    long base() {
        return base;
    }

    Set<String> names() {
        return Set.copyOf(collections.keySet());
    }

    @Nullable
    StoredDocument find(String name, Key key) {
        return collections.getOrDefault(name, Map.of()).get(key);
    }

    /** Every match in order; only what the options ask for. */
    List<StoredDocument> find(String name, Filter filter, FindOptions options) {
        return collections.getOrDefault(name, Map.of()).values().stream()
                .filter(stored -> filter.matches(stored.key(), stored.document()))
                .sorted(options.sort().comparator())
                .skip(options.skip())
                .limit(options.limit())
                .map(stored -> new StoredDocument(stored.key(), options.project(stored.document()), stored.version()))
                .toList();
    }

    /** Puts or, with null, removes a document under a new version. */
    @Nullable
    StoredDocument put(String name, Key key, @Nullable Document document) {
        Map<Key, StoredDocument> documents = collections.computeIfAbsent(name, none -> new TreeMap<>());
        version++;
        if (document == null) {
            documents.remove(key);
            return null;
        }
        StoredDocument stored = new StoredDocument(key, document, version);
        documents.put(key, stored);
        return stored;
    }
}
