package org.corestack.document;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of one document, as a feed delivers it.
 *
 * @param key which document
 * @param operation what happened to it
 * @param before the document as it was before this change, where exact images were asked for; null before an insert, and
 *     where they were not
 * @param document the document as it was when the feed read it: never older than this change, possibly
 *     newer; null after a delete, where it is gone since, and where only keys were asked for. Where exact images were
 *     asked for, the document right after this change
 * @param version the version that this change gave the document; for a delete, that of the deletion
 * @param time the database's time of the change
 * @param source the source identifier of the client that made it; null where the engine can't say
 * @param position the place behind this change, to resume from
 */
public record Change(
        Key key,
        Operation operation,
        @Nullable Document before,
        @Nullable Document document,
        long version,
        Instant time,
        @Nullable String source,
        Position position) {

    /** A change without what was before it. */
    public Change(
            Key key,
            Operation operation,
            @Nullable Document document,
            long version,
            Instant time,
            @Nullable String source,
            Position position) {
        this(key, operation, null, document, version, time, source, position);
    }

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
         * matching. It may never have matched, unless exact images were asked for: to be taken as a delete.
         */
        LEFT
    }
}
