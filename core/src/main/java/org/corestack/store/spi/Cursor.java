package org.corestack.store.spi;

import java.util.List;
import org.corestack.document.StoredDocument;

/**
 * A list of documents read batch by batch, holding one batch at a time. Not thread-safe, but {@link #close}
 * can be called from any thread.
 */
public interface Cursor extends AutoCloseable {
    /**
     * The next batch; an empty one means the end, and every further call gives an empty one.
     *
     * @throws org.corestack.errors.CoreException as a read of the collection
     */
    List<StoredDocument> next(Deadline deadline);

    /** Frees what the cursor holds. Idempotent, never throws. */
    @Override
    void close();
}
