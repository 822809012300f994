package org.corestack.store;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.corestack.document.StoredDocument;
import org.corestack.store.spi.Cursor;

/** Gives a cursor's documents one by one, with a timeout for each batch. Not thread-safe. */
final class CursorIterator implements Iterator<StoredDocument> {
    private final Cursor cursor;
    private final Duration timeout;
    private Iterator<StoredDocument> batch = List.<StoredDocument>of().iterator();
    private boolean ended;

    CursorIterator(Cursor cursor, Duration timeout) {
        this.cursor = cursor;
        this.timeout = timeout;
    }

    @Override
    public boolean hasNext() {
        if (!batch.hasNext() && !ended) {
            List<StoredDocument> next = cursor.next(Arguments.begin("reading a list", timeout));
            ended = next.isEmpty();
            batch = next.iterator();
        }
        return batch.hasNext();
    }

    @Override
    public StoredDocument next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return batch.next();
    }
}
