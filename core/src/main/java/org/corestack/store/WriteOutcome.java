package org.corestack.store;

import java.util.Objects;
import org.corestack.document.Condition;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.WriteResult;

/** What the caller of a write gets of what the engine says came of it. */
final class WriteOutcome {
    private WriteOutcome() {}

    /** The version and position; throws why there are none. */
    static Written of(String path, Write write, WriteResult result) {
        if (result.written() != null) {
            return result.written();
        }
        String document = "the document " + write.key() + " of " + path;
        throw switch (result.status()) {
            case ALREADY_EXISTS -> new CoreException(ErrorCode.ALREADY_EXISTS, document + " exists already");
            case NOT_FOUND -> CoreException.notFound(document + " does not exist");
            case CONFLICT ->
                new CoreException(
                        ErrorCode.CONFLICT,
                        document
                                + (write.condition() instanceof Condition.Matching
                                        ? " is not as the write wants it"
                                        : " was changed by another")
                                + ": the condition of the write does not hold");
            default ->
                Objects.requireNonNullElseGet(
                        result.failure(), () -> new CoreException(ErrorCode.UNKNOWN, document + " was not written"));
        };
    }

    /** The outcome of one of several writes. */
    static BulkResult ofMany(String path, Write write, WriteResult result) {
        try {
            return new BulkResult.Applied(write.key(), of(path, write, result));
        } catch (CoreException e) {
            return new BulkResult.Failed(write.key(), e);
        }
    }
}
