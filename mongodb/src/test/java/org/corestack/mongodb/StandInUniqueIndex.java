package org.corestack.mongodb;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.memory.index.MemoryUniqueIndex;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A unique index to which numbers are one where their exact values are, and which knows nothing of documents that its
 * filter keeps out. The stand-in's own makes doubles of numbers, so this one shows it something else in their place.
 */
final class StandInUniqueIndex extends MemoryUniqueIndex {
    private final Document filter;

    /** An index of the documents that a filter lets through. */
    StandInUniqueIndex(String name, List<IndexKey> keys, Document filter) {
        super(name, keys, true); // only of a sparse one the stand-in takes that it knows nothing of a document
        this.filter = filter;
    }

    /** A number to us, and not to the stand-in. */
    private record Value(BigDecimal number) {}

    private static Document byValue(Document document) {
        Document copy = new Document();
        document.forEach((name, value) -> copy.put(name, byValue(value)));
        return copy;
    }

    private static Object byValue(Object value) {
        if (value instanceof Number number) {
            return new Value(StandInOrder.exact(number).stripTrailingZeros());
        }
        if (value instanceof Document document) {
            return byValue(document);
        }
        return value instanceof Collection<?> list
                ? list.stream().map(StandInUniqueIndex::byValue).toList()
                : value;
    }

    private Set<KeyValue> keys(Document document) {
        return StandInFilter.matches(filter, document) ? getKeyValues(byValue(document)) : Set.of();
    }

    @Override
    public synchronized void checkAdd(Document document, MongoCollection<Integer> collection) {
        refuseTaken(document, null, collection);
    }

    private void refuseTaken(Document document, Integer own, MongoCollection<Integer> collection) {
        for (KeyValue key : keys(document)) {
            Integer taken = getPosition(key);
            if (taken != null && !taken.equals(own)) {
                throw new DuplicateKeyError(this, collection, getKeys(), key);
            }
        }
    }

    @Override
    public synchronized void add(Document document, Integer position, MongoCollection<Integer> collection) {
        checkAdd(document, collection);
        keys(document).forEach(key -> putKeyPosition(key, position));
    }

    @Override
    public synchronized Integer remove(Document document) {
        Integer position = getPosition(document);
        keys(document).forEach(this::removeDocument);
        return position;
    }

    @Override
    public Integer getPosition(Document document) {
        return keys(document).stream()
                .map(this::getPosition)
                .filter(Objects::nonNull)
                .findAny()
                .orElse(null);
    }

    @Override
    public synchronized void checkUpdate(Document before, Document after, MongoCollection<Integer> collection) {
        refuseTaken(after, getPosition(before), collection);
    }

    @Override
    public void updateInPlace(Document before, Document after, Integer position, MongoCollection<Integer> collection) {
        remove(before);
        add(after, position, collection);
    }

    /** It only forbids: what is looked for is looked for among all. */
    @Override
    public synchronized boolean canHandle(Document query) {
        return false;
    }
}
