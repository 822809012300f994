package org.corestack.store;

import java.util.Iterator;
import java.util.stream.Stream;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;

/**
 * A list of documents and the position that it continues from. Can be read once, by one thread.
 *
 * <p>A watch from the position sees every write that the list does not show. It may also deliver some
 * that the list does, which are changes whose version is not above the listed document's; where it does not is what
 * {@link org.corestack.store.spi.Capability#EXACT_SNAPSHOT} says.
 */
public final class CollectionSnapshot implements AutoCloseable, Iterable<StoredDocument> {
    private final Position position;
    private final Stream<StoredDocument> documents;

    CollectionSnapshot(Position position, Stream<StoredDocument> documents) {
        this.position = position;
        this.documents = documents;
    }

    /** Where a watch continues the list. */
    public Position position() {
        return position;
    }

    /** The documents in the order of their keys; can be asked for once. Reading throws as a read does. */
    @Override
    public Iterator<StoredDocument> iterator() {
        return documents.iterator();
    }

    /** Frees what the snapshot holds. Idempotent. */
    @Override
    public void close() {
        documents.close();
    }
}
