package org.corestack.store.spi;

import java.time.Instant;
import org.corestack.document.Position;

/**
 * A feed of changes of one or several collections, in commit order per key. Thread-safe.
 *
 * <p>One object stands for one feed: the façade shares one reader among all watchers of it.
 */
public interface ChangeSource {
    /** A name for threads and messages. */
    String name();

    /**
     * A position behind every write that is confirmed before the call: a reader from it sees every write
     * that commits after the call.
     *
     * @throws org.corestack.errors.CoreException as a read of the collection
     */
    Position now(Deadline deadline);

    /**
     * A position behind which comes every change that was made at a time or later, by the database's clock, and maybe some
     * that were made before. Where the time is to come it is as good as now; where the history does not reach that far, a
     * reader from the position is lost.
     *
     * @throws org.corestack.errors.CoreException as a read of the collection
     */
    Position at(Instant time, Deadline deadline);

    /** A reader from behind a position. Does nothing yet: a position that can't be continued shows at the first read. */
    ChangeReader open(Position from);

    /**
     * Whether a reader that has delivered everything up to {@code reached} has delivered the change or write
     * at {@code position}. Both are of this feed; false where one is not.
     */
    boolean covers(Position reached, Position position);
}
