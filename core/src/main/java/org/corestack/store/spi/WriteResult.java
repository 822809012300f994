package org.corestack.store.spi;

import org.corestack.document.Written;
import org.jspecify.annotations.Nullable;

/**
 * What came of a write.
 *
 * @param status whether it took place, and why not
 * @param written the version and position where it did, else null
 */
public record WriteResult(Status status, @Nullable Written written) {
    /** Whether a write took place. */
    public enum Status {
        /** It did. */
        APPLIED,
        /** It did not: the key is taken. */
        ALREADY_EXISTS,
        /** It did not: there is no document of the key. */
        NOT_FOUND,
        /** It did not: the condition does not hold. */
        CONFLICT
    }

    /** A write that took place. */
    public static WriteResult applied(Written written) {
        return new WriteResult(Status.APPLIED, written);
    }

    /** A write that did not take place. */
    public static WriteResult refused(Status status) {
        return new WriteResult(status, null);
    }
}
