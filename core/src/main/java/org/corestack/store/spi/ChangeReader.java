package org.corestack.store.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.corestack.document.Change;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/** Reads a feed from a position on. Not thread-safe, but {@link #close} can be called from any thread. */
public interface ChangeReader extends AutoCloseable {
    /**
     * The next changes, waiting for some to come.
     *
     * @param interest the collections whose changes are wanted (which may differ from call to call), and of
     *     each whether the documents are wanted too or the keys alone
     * @param wait how long to wait at the most; a batch without changes is given at once where the position
     *     moved without a change of interest
     * @throws CoreException as a read of the collection; the reader can be used again,
     *     and continues behind the last batch it gave; CANCELED if it was closed, before or meanwhile
     */
    Outcome next(Map<String, Content> interest, Duration wait);

    /** Ends a {@link #next} that is waiting. Idempotent, never throws. */
    @Override
    void close();

    /** What is wanted of a collection's changes. */
    enum Content {
        /** No document. */
        KEYS,
        /** The document as it is when the change is read. */
        LATEST,
        /**
         * The document as it was before the change and as it was after it, with which whoever wants it only as it is
         * when the change is read has to do too. Not asked for without {@link Capability#EXACT_IMAGES}; of a change of
         * which they were not kept the reader is {@link Lost}.
         */
        IMAGES
    }

    /** What a read came to. */
    sealed interface Outcome {}

    /**
     * Changes, possibly none.
     *
     * @param changes in order
     * @param upTo the place behind all that was read, changes without interest included
     * @param more whether there may be more to read already; where not, all that was confirmed before the call is in this
     *     batch or an earlier one
     */
    record Batch(List<CollectionChange> changes, Position upTo, boolean more) implements Outcome {}

    /**
     * The feed can't continue from where the reader is.
     *
     * @param resync why
     */
    record Lost(Resync resync) implements Outcome {}

    /**
     * A change and where it happened.
     *
     * @param collection the collection's name
     * @param change the change
     * @param unreadable why the change has no document although there is one, such as that another program has written
     *     it: who wants the document is told so, and the feed goes on; null where nothing is unreadable
     */
    record CollectionChange(
            String collection, Change change, @Nullable CoreException unreadable) {
        /** A change with all that there is of its documents. */
        public CollectionChange(String collection, Change change) {
            this(collection, change, null);
        }
    }
}
