package org.corestack.store.spi;

import java.util.List;
import java.util.Optional;
import org.corestack.document.Aggregation;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;

/**
 * The documents of one collection, for each operation by itself or within a transaction. Thread-safe, but within a
 * transaction, which is one thread's at a time.
 *
 * <p>Every operation throws CoreException: DEADLINE_EXCEEDED once the deadline has passed, CANCELED on an interrupt (flag
 * restored), UNAVAILABLE, RESOURCE_EXHAUSTED, FORBIDDEN or DATA_LOSS where the database is in the way, and
 * FAILED_PRECONDITION once the engine, or the transaction, is closed. A write that failed has not taken place, unless the
 * error is {@linkplain CoreException#ofUnknownOutcome of unknown outcome}.
 */
public interface EngineCollection {
    /**
     * Does one write, all or nothing; confirmed means durable, or within a transaction that it will be.
     *
     * @throws CoreException as above; INVALID_ARGUMENT where a patch does not fit the document, ALREADY_EXISTS naming
     *     the index where a unique one forbids it
     */
    WriteResult write(Write write, Deadline deadline);

    /**
     * Does several writes, each all or nothing by itself, those of one key in their order.
     *
     * @return a result for each, in their order; FAILED for those that {@link #write} would have thrown from
     */
    List<WriteResult> writeAll(List<Write> writes, Deadline deadline);

    /**
     * Deletes the documents that match, in batches, each by itself as a delete would.
     *
     * @return how many
     * @throws CoreException as above; those of the batches before are deleted then
     */
    long deleteAll(Filter filter, Deadline deadline);

    /** The document of a key, with every write seen that was confirmed before the call. */
    Optional<StoredDocument> find(Key key, Deadline deadline);

    /**
     * The documents that match, in order, batch by batch.
     *
     * @return a cursor that has done nothing yet
     */
    Cursor find(Filter filter, FindOptions options);

    /**
     * The groups of the documents that match, in no particular order, at one moment.
     *
     * @throws CoreException as above; INVALID_ARGUMENT where a sum overflows
     */
    List<Aggregation.Group> aggregate(Filter filter, Aggregation aggregation, Deadline deadline);

    /**
     * All documents that match, in the order of their keys, with the position that the list continues from:
     * a watch from it sees every write that the list does not show (and possibly some that it does:
     * {@link Capability#EXACT_SNAPSHOT} says where it does not).
     */
    Snapshot snapshot(Filter filter, Deadline deadline);

    /**
     * Makes indexes, or leaves those that are there already.
     *
     * @throws CoreException also ALREADY_EXISTS if another index has the name or one on the same paths differs,
     *     FAILED_PRECONDITION if documents that are there forbid a unique one
     */
    void ensureIndexes(List<Index> indexes, Deadline deadline);

    /**
     * The indexes that are there, as {@link #ensureIndexes} would make them; of those that another program made, the ones
     * that it could have made.
     */
    List<Index> indexes(Deadline deadline);

    /**
     * The statements that make this collection and these indexes, for an administrator to run: what the other
     * operations would run by themselves. Touches no database.
     */
    List<String> statements(List<Index> indexes);

    /**
     * Keeps with each change from now on the document before and after it, or no longer does so; idempotent. Once it has
     * returned, every write of whichever process does. Not called without {@link Capability#EXACT_IMAGES}, nor within a
     * transaction.
     */
    default void keepImages(boolean keep, Deadline deadline) {
        throw new UnsupportedOperationException("the engine declares no exact images");
    }

    /** Whether they are kept. Not called without {@link Capability#EXACT_IMAGES}, nor within a transaction. */
    default boolean keepsImages(Deadline deadline) {
        throw new UnsupportedOperationException("the engine declares no exact images");
    }

    /** The changes that this collection's are part of; the same object for all collections that share a feed. */
    ChangeSource changes();
}
