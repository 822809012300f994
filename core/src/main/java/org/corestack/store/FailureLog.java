package org.corestack.store;

import java.util.function.Supplier;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a row of tries puts into the log: the first failure and each of another kind, not each try, as a database that is
 * away for an hour is one message; and that it works again. Not thread-safe.
 */
final class FailureLog {
    private final Logger log;
    private final Supplier<String> what;
    private @Nullable String last;

    /**
     * A log of one thing's tries.
     *
     * @param what names it
     */
    FailureLog(Logger log, Supplier<String> what) {
        this.log = log;
        this.what = what;
    }

    /** A try failed, and there will be another. */
    void failed(Throwable error) {
        String kind = ErrorCode.of(error) + " " + error.getClass().getName();
        if (kind.equals(last)) {
            log.debug("{} can't be read still", what.get(), error);
            return;
        }
        last = kind;
        if (error instanceof CoreException core && core.code() != ErrorCode.UNKNOWN) {
            // The stack says nothing that the message does not: it is the database's failure, not the code's.
            log.warn("{} can't be read; it is retried: {}", what.get(), core.getMessage());
            log.debug("{} can't be read since here", what.get(), error);
        } else {
            log.warn("{} can't be read; it is retried", what.get(), error);
        }
    }

    /** A try went well. */
    void succeeded() {
        if (last != null) {
            last = null;
            log.info("{} is read again", what.get());
        }
    }
}
