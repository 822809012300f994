package org.corestack.document;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of one document, as a feed delivers it.
 *
 * @param key which document
 * @param operation what happened to it
 * @param document the document as it was when the feed read it: never older than this change, possibly
 *     newer; null after a delete, where it is gone since, and where only keys were asked for
 * @param version the version that this change gave the document; for a delete, that of the deletion
 * @param time the database's time of the change
 * @param source the source identifier of the client that made it; null where the engine can't say
 * @param position the place behind this change, to resume from
 */
public record Change(
        Key key,
        Operation operation,
        @Nullable Document document,
        long version,
        Instant time,
        @Nullable String source,
        Position position) {

    /** What a change did, from the point of view of the watcher. */
    public enum Operation {
        /** The document was created. */
        INSERT,
        /** The document was changed or replaced. */
        UPDATE,
        /** The document was deleted. */
        DELETE,
        /**
         * The document was changed and does not match the watcher's filter now, so that it may have stopped
         * matching. It may never have matched: to be taken as a delete.
         */
        LEFT
    }
}
