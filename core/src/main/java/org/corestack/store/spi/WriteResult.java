package org.corestack.store.spi;

import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * What came of a write.
 *
 * @param status whether it took place, and why not
 * @param written the version and position where it did, else null
 * @param after the document after it where that was wanted and the write took place, else null
 * @param failure why one of several writes failed by itself, where the status is FAILED, else null
 */
public record WriteResult(
        Status status,
        @Nullable Written written,
        @Nullable StoredDocument after,
        @Nullable CoreException failure) {
    /** Whether a write took place. */
    public enum Status {
        /** It did. */
        APPLIED,
        /** It did not: the key is taken. */
        ALREADY_EXISTS,
        /** It did not: there is no document of the key. */
        NOT_FOUND,
        /** It did not: the condition does not hold. */
        CONFLICT,
        /** Of several writes: it did not, or its outcome is unknown, as the failure says. */
        FAILED
    }

    /** A write that took place. */
    public static WriteResult applied(Written written) {
        return new WriteResult(Status.APPLIED, written, null, null);
    }

    /** A write that took place and gives the document after it. */
    public static WriteResult applied(Written written, @Nullable StoredDocument after) {
        return new WriteResult(Status.APPLIED, written, after, null);
    }

    /** A write that did not take place. */
    public static WriteResult refused(Status status) {
        return new WriteResult(status, null, null, null);
    }

    /** One of several writes that failed by itself. */
    public static WriteResult failed(CoreException why) {
        return new WriteResult(Status.FAILED, null, null, why);
    }

    /** Why a write does not take place over what is stored (null: nothing); null if it does. The meaning, for engines that judge it themselves. */
    public static @Nullable Status refusal(Write write, @Nullable StoredDocument stored) {
        if (write instanceof Write.Insert) {
            return stored == null ? null : Status.ALREADY_EXISTS;
        }
        if (stored == null) {
            return write instanceof Write.Upsert ? null : Status.NOT_FOUND;
        }
        return write.condition().holds(stored) ? null : Status.CONFLICT;
    }
}
