package org.corestack.mongodb;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.memory.MemoryCollection;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.MinKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A database of the stand-in whose filters, orders and unique indexes are those of {@link StandInFilter}, {@link
 * StandInOrder} and {@link StandInUniqueIndex}.
 *
 * <p>The stand-in makes its matcher and its comparator where it uses them, so neither can be set. Classes of their names
 * in front of them on the class path would have to be theirs again for the most part, and go with one version of it; a
 * proxy would have to know the documents to answer for them. What it lets a backend override, collections and indexes,
 * is enough.
 */
final class StandInDatabase extends MemoryDatabase {
    /** The partial filter expression of the index that is being made; empty if it has none. */
    private Document partial = new Document();

    StandInDatabase(String name, CursorRegistry cursors) {
        super(name, cursors);
    }

    @Override
    protected MemoryCollection openOrCreateCollection(String name, CollectionOptions options) {
        return new Documents(this, name, options, cursorRegistry);
    }

    @Override
    protected synchronized void addIndex(Document description) {
        partial = (Document) description.getOrDefault("partialFilterExpression", new Document());
        super.addIndex(description);
    }

    /** Keys are of no type at which the stand-in's index goes wrong, and are found by it. */
    @Override
    protected Index<Integer> openOrCreateUniqueIndex(
            String collection, String name, List<IndexKey> keys, boolean sparse) {
        List<String> paths = keys.stream().map(IndexKey::getKey).toList();
        if (paths.equals(List.of("_id"))) {
            return super.openOrCreateUniqueIndex(collection, name, keys, sparse);
        }
        List<Document> present = paths.stream()
                .map(path -> new Document(path, new Document("$exists", true)))
                .toList();
        return new StandInUniqueIndex(name, keys, sparse ? new Document("$or", present) : partial);
    }

    private static final class Documents extends MemoryCollection {
        Documents(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
            super(database, name, options, cursors);
        }

        @Override
        protected boolean documentMatchesQuery(Document document, Document query) {
            return StandInFilter.matches(query, document);
        }

        @Override
        protected QueryResult matchDocumentsFromStream(
                Stream<Document> documents,
                Document query,
                Document orderBy,
                int skip,
                int limit,
                int batchSize,
                Document fields) {
            Comparator<Document> order = orderBy == null || orderBy.isEmpty() ? null : order(orderBy);
            return matchDocumentsFromStream(query, documents, skip, limit, batchSize, order, fields);
        }

        private static Comparator<Document> order(Document orderBy) {
            return (one, other) -> {
                for (Map.Entry<String, Object> term : orderBy.entrySet()) {
                    int direction = ((Number) term.getValue()).intValue();
                    int byTerm = StandInOrder.VALUES.compare(
                            sorted(one, term.getKey(), direction), sorted(other, term.getKey(), direction));
                    if (byTerm != 0) {
                        return direction * byTerm;
                    }
                }
                return 0;
            };
        }

        /** By which of the values at a path a document is sorted: the first of them in the order. */
        private static Object sorted(Document document, String path, int direction) {
            Comparator<Object> order = direction > 0 ? StandInOrder.VALUES : StandInOrder.VALUES.reversed();
            return StandInFilter.at(document, path).stream()
                    .flatMap(value -> value instanceof Collection<?> list ? list.stream() : Stream.of(value))
                    .map(Missing::ofNullable)
                    .min(order)
                    .orElse(MinKey.getInstance()); // an empty list stands before a field that is missing
        }
    }
}
