package org.corestack.table;

import java.util.Iterator;
import java.util.function.Function;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.store.CollectionSnapshot;

/**
 * A list of entries and the position that it continues from. Can be read once, by one thread; holds one batch at a
 * time.
 *
 * <p>A watch from the position sees every write that the list does not show. It may also deliver some
 * that the list does, which are changes whose version is not above the listed entry's; where it does not is what
 * {@link org.corestack.store.spi.Capability#EXACT_SNAPSHOT} says.
 */
public final class TableSnapshot<K, E> implements AutoCloseable, Iterable<Entry<K, E>> {
    private final CollectionSnapshot documents;
    private final Function<StoredDocument, Entry<K, E>> mapping;

    TableSnapshot(CollectionSnapshot documents, Function<StoredDocument, Entry<K, E>> mapping) {
        this.documents = documents;
        this.mapping = mapping;
    }

    /** Where a watch continues the list. */
    public Position position() {
        return documents.position();
    }

    /**
     * The entries in the order of their keys; can be asked for once. Reading throws as a read does; UNSUPPORTED for an
     * entry that the type can't hold, behind which the reading can go on.
     */
    @Override
    public Iterator<Entry<K, E>> iterator() {
        Iterator<StoredDocument> stored = documents.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return stored.hasNext();
            }

            @Override
            public Entry<K, E> next() {
                return mapping.apply(stored.next());
            }
        };
    }

    /** Frees what the snapshot holds. Idempotent. */
    @Override
    public void close() {
        documents.close();
    }
}
