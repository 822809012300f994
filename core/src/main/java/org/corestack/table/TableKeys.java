package org.corestack.table;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.reconcile.Keys;
import org.corestack.store.CollectionSnapshot;

/** The keys that a snapshot's entries give, holding one batch of entries. Not thread-safe. */
final class TableKeys<T> implements Keys<T> {
    private final TableKeySource<T> source;
    private final CollectionSnapshot snapshot;
    private final Iterator<StoredDocument> documents;
    private Iterator<? extends T> current = Collections.emptyIterator();

    TableKeys(TableKeySource<T> source, CollectionSnapshot snapshot) {
        this.source = source;
        this.snapshot = snapshot;
        this.documents = snapshot.iterator();
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && documents.hasNext()) {
            StoredDocument stored = documents.next();
            try {
                current = source.keysOf(stored.key(), stored.document()).iterator();
            } catch (TableKeySource.MappingFailed e) {
                throw CoreException.wrap("can't list the keys of " + source + ": " + e.getMessage(), e);
            }
        }
        return current.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
