package org.corestack.store;

import static org.corestack.store.Arguments.notNull;

import java.util.Optional;
import org.corestack.document.Filter;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;

/**
 * What a watch delivers, from where on, and what becomes of a change whose listener keeps throwing or whose document can't be read.
 *
 * @param from where to start; empty for now
 * @param filter which documents are watched: a change whose document matches is delivered, one whose document
 *     does not is delivered as LEFT, and a delete always is (with exact images: where the document matched before)
 * @param keysOnly whether changes come without documents
 * @param exactImages whether changes come with the documents right before and after them
 * @param buffer how many changes may wait for the listener before the watch is detached from the shared reader
 *     and catches up with one of its own
 * @param attempts how often a change is given to a listener that throws
 * @param afterAttempts what then
 */
public record WatchOptions(
        Optional<Position> from,
        Filter filter,
        boolean keysOnly,
        boolean exactImages,
        int buffer,
        int attempts,
        Poison afterAttempts) {
    /** What becomes of a change that the listener failed to deal with as often as allowed, or that can't be read. */
    public enum Poison {
        /** It is logged and left behind. */
        SKIP,
        /** The watch ends, the change undelivered, and the listener hears of it. */
        STOP
    }

    /**
     * Checks.
     *
     * @throws CoreException INVALID_ARGUMENT if a number is not positive
     */
    public WatchOptions {
        notNull(from, "from");
        notNull(filter, "filter");
        notNull(afterAttempts, "afterAttempts");
        if (buffer < 1 || attempts < 1) {
            throw CoreException.invalidArgument(
                    "buffer is " + buffer + " and attempts is " + attempts + "; both must be at least 1");
        }
    }

    /** From now, all documents, whole, a buffer of 1,000; after 8 attempts (some 12 s) a change is skipped. */
    public static WatchOptions ofDefaults() {
        return new WatchOptions(Optional.empty(), Filter.all(), false, false, 1_000, 8, Poison.SKIP);
    }

    /** These options, starting from behind a position. */
    public WatchOptions withFrom(Position position) {
        return new WatchOptions(Optional.of(position), filter, keysOnly, exactImages, buffer, attempts, afterAttempts);
    }

    /** These options with another filter. */
    public WatchOptions withFilter(Filter other) {
        return new WatchOptions(from, other, keysOnly, exactImages, buffer, attempts, afterAttempts);
    }

    /** These options, documents left out. */
    public WatchOptions withKeysOnly() {
        return new WatchOptions(from, filter, true, exactImages, buffer, attempts, afterAttempts);
    }

    /**
     * These options, each change with the document right before and right after it. The filter is judged on both: only what
     * did match before comes as LEFT or as a delete. The collection has to keep these images
     * ({@link StoreCollection#keepImages}); a watch of a history in which they were not kept comes to a resync.
     */
    public WatchOptions withExactImages() {
        return new WatchOptions(from, filter, keysOnly, true, buffer, attempts, afterAttempts);
    }

    /** These options with another bound on the changes that wait. */
    public WatchOptions withBuffer(int most) {
        return new WatchOptions(from, filter, keysOnly, exactImages, most, attempts, afterAttempts);
    }

    /** These options with another treatment of a change whose listener throws. */
    public WatchOptions withPoison(int most, Poison then) {
        return new WatchOptions(from, filter, keysOnly, exactImages, buffer, most, then);
    }
}
