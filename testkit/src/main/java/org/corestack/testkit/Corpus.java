package org.corestack.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;

/** Documents in a collection and in memory, to compare what is found with what is meant. Not thread-safe. */
final class Corpus {
    private static final int AT_ONCE = 500;

    private final StoreCollection collection;
    private final Map<Key, StoredDocument> documents = new TreeMap<>();

    private Corpus(StoreCollection collection) {
        this.collection = collection;
    }

    /** Documents of the keys 0, 1, 2, … */
    static Corpus of(StoreCollection collection, List<Document> documents) {
        Map<Key, Document> byKey = new TreeMap<>();
        for (Document document : documents) {
            byKey.put(Key.of(byKey.size()), document);
        }
        return of(collection, byKey);
    }

    static Corpus of(StoreCollection collection, Map<Key, Document> documents) {
        Corpus corpus = new Corpus(collection);
        List<Write> writes = new ArrayList<>();
        documents.forEach((key, document) -> writes.add(new Write.Insert(key, document)));
        for (int i = 0; i < writes.size(); i += AT_ONCE) {
            List<Write> some = writes.subList(i, Math.min(writes.size(), i + AT_ONCE));
            for (BulkResult result : collection.writeAll(some)) {
                Document document = requireNonNull(documents.get(result.key()));
                corpus.documents.put(
                        result.key(),
                        new StoredDocument(result.key(), document, result.get().version()));
            }
        }
        return corpus;
    }

    List<StoredDocument> all() {
        return List.copyOf(documents.values());
    }

    /** What a filter means, in the order of the keys. */
    List<StoredDocument> meant(Filter filter) {
        return documents.values().stream()
                .filter(stored -> filter.matches(stored.key(), stored.document()))
                .toList();
    }

    /** What options give of what a filter means. */
    List<StoredDocument> meant(Filter filter, FindOptions options) {
        return meant(filter).stream()
                .sorted(options.sort().comparator())
                .skip(options.skip())
                .limit(options.limit())
                .map(stored -> new StoredDocument(stored.key(), options.project(stored.document()), stored.version()))
                .toList();
    }

    /** Fails unless the collection finds and counts what a filter means, and with its complement the rest. */
    void assertFinds(Filter filter) {
        assertFindsOnly(filter);
        assertFindsOnly(filter.not());
        assertThat(meant(filter).size() + meant(filter.not()).size())
                .as("%s and its complement", filter)
                .isEqualTo(documents.size());
    }

    private void assertFindsOnly(Filter filter) {
        List<Key> expected = meant(filter).stream().map(StoredDocument::key).toList();
        List<Key> found = collection.findMany(filter, FindOptions.ofDefaults()).stream()
                .map(StoredDocument::key)
                .toList();
        assertThat(found).as("%s", filter).isEqualTo(expected);
    }

    void assertFinds(Filter filter, FindOptions options) {
        assertThat(collection.findMany(filter, options))
                .as("%s, %s", filter, options)
                .isEqualTo(meant(filter, options));
    }

    void assertCounts(Filter filter) {
        assertThat(collection.count(filter))
                .as("the count of %s", filter)
                .isEqualTo(meant(filter).size());
    }
}
