package org.corestack.document;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * A place in the feed of changes, to resume from. Opaque: it has a stable text form to keep, and no order.
 *
 * <p>It belongs to the database it came from: used with another (another cluster, another file, a restored
 * copy that went on differently) it leads to a {@code Resync}, never to a wrong resumption.
 *
 * @param text the stable text form, ASCII
 */
public record Position(String text) {
    /**
     * Checks.
     *
     * @throws CoreException INVALID_ARGUMENT if the text is empty, or longer than 4,096 characters
     */
    public Position {
        if (text.isEmpty() || text.length() > 4096) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "not a position: it has " + text.length() + " characters");
        }
    }

    /** The text form. */
    @Override
    public String toString() {
        return text;
    }
}
