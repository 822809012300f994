package org.corestack.store.spi;

import java.util.Optional;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;

/**
 * The documents of one collection. Thread-safe.
 *
 * <p>Every operation throws CoreException: DEADLINE_EXCEEDED once the deadline has passed (a write then has
 * not taken place, unless the message says that its outcome is unknown), CANCELED on an interrupt (flag
 * restored), UNAVAILABLE, RESOURCE_EXHAUSTED, FORBIDDEN or DATA_LOSS where the database is in the way, and
 * FAILED_PRECONDITION once the engine is closed.
 */
public interface EngineCollection {
    /**
     * Does one write, all or nothing; confirmed means durable.
     *
     * @throws CoreException as above; INVALID_ARGUMENT where a patch does not fit the document
     */
    WriteResult write(Write write, Deadline deadline);

    /** The document of a key, with every write seen that was confirmed before the call. */
    Optional<StoredDocument> find(Key key, Deadline deadline);

    /**
     * The documents that match, in order, batch by batch.
     *
     * @return a cursor that has done nothing yet
     */
    Cursor find(Filter filter, FindOptions options);

    /**
     * All documents that match, in the order of their keys, with the position that the list continues from:
     * a watch from it sees every write that the list does not show (and, without
     * {@link Capability#EXACT_SNAPSHOT}, possibly some that it does).
     */
    Snapshot snapshot(Filter filter, Deadline deadline);

    /**
     * Makes an index, or returns if it is there already.
     *
     * @throws CoreException also ALREADY_EXISTS if another index has the name
     */
    void ensureIndex(Index index, Deadline deadline);

    /** The changes that this collection's are part of; the same object for all collections that share a feed. */
    ChangeSource changes();
}
