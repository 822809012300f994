package org.corestack.document;

/**
 * Why a feed can't continue from a position: what came after it is not known any more, so that a watcher
 * has to read everything anew (a snapshot, and a watch from its position).
 *
 * @param reason what happened, to branch on
 * @param message what happened, for people
 */
public record Resync(Reason reason, String message) {
    /** Why there is no continuation. */
    public enum Reason {
        /** Changes behind the position have been trimmed from the history. */
        HISTORY_TRIMMED,
        /** The position is of another database, another timeline of it, or a copy that went on differently. */
        OTHER_HISTORY,
        /** The exact images that the watch asks for were not kept of all changes behind the position. */
        NO_IMAGES,
        /** The text is no position of this engine. */
        NOT_A_POSITION
    }
}
