package org.corestack.store;

import org.corestack.document.Change;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;

/**
 * Hears of the changes of a collection. Called by one thread at a time, the watch's own; it may take its
 * time: that slows no other watcher.
 */
@FunctionalInterface
public interface WatchListener {
    /**
     * A change. The changes of one key come in the order of their commits; after a reconnection some may
     * come again.
     *
     * @throws Exception if it could not be dealt with: it is delivered again, see {@link WatchOptions}
     */
    void onChange(Change change) throws Exception;

    /**
     * All changes up to a position have been delivered, so that a later watch can start from it. Comes too
     * where other collections have changed and this one has not.
     *
     * @throws Exception which is logged
     */
    default void onBookmark(Position position) throws Exception {}

    /**
     * The watch can't continue, as changes since its position are not known any more. It has ended: list
     * anew and watch from the list's position.
     *
     * @throws Exception which is logged
     */
    default void onResync(Resync resync) throws Exception {}

    /**
     * Something failed in the background: the database can't be read, or this listener has thrown, both of which are
     * retried; or the document of a change can't be read, which is skipped or ends the watch as {@link WatchOptions} say.
     */
    default void onFailure(CoreException error) {}

    /** The watch has ended because this listener kept throwing, or a document can't be read, and {@link WatchOptions} say to stop then. */
    default void onStopped(CoreException reason) {}
}
