package org.corestack.table;

import org.corestack.document.Change;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;

/**
 * Hears of the changes of a table. Called by one thread at a time, the watch's own; it may take its time: that slows
 * no other watcher.
 */
@FunctionalInterface
public interface EntryListener<K, E> {
    /**
     * A change. The changes of one key come in the order of their commits; after a reconnection some may come again.
     *
     * @throws Exception if it could not be dealt with: it is delivered again, see
     *     {@link org.corestack.store.WatchOptions}
     */
    void onChange(EntryChange<K, E> change) throws Exception;

    /**
     * A change whose key or document the table's types can't hold, such as one of a newer version of the program. It
     * is passed over, as a retry would not help; by default {@link #onFailure} hears of it.
     *
     * @param change the change as the store has it
     * @param error what does not fit, naming table, key and field
     * @throws Exception if it could not be dealt with: it is delivered again
     */
    default void onUnreadable(Change change, CoreException error) throws Exception {
        onFailure(error);
    }

    /**
     * All changes up to a position have been delivered, so that a later watch can start from it.
     *
     * @throws Exception which is logged
     */
    default void onBookmark(Position position) throws Exception {}

    /**
     * The watch can't continue, as changes since its position are not known any more. It has ended: list anew and watch
     * from the list's position.
     *
     * @throws Exception which is logged
     */
    default void onResync(Resync resync) throws Exception {}

    /**
     * Something failed in the background: the database can't be read or this listener has thrown, which is retried, or
     * a change can't be read, which is passed over.
     */
    default void onFailure(CoreException error) {}

    /** The watch has ended because this listener kept throwing and its options say to stop then. */
    default void onStopped(CoreException reason) {}
}
