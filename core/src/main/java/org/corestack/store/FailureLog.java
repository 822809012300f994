package org.corestack.store;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.slf4j.Logger;

/**
 * What a row of tries puts into the log: each failure once, not each try, as a database that is away for an hour is a message
 * or two; and that it works again. Not thread-safe.
 */
final class FailureLog {
    /** Messages that differ each time are not said for ever. */
    private static final int MOST = 10;

    private final Logger log;
    private final Supplier<String> what;
    /** What was said since it went well. */
    private final Set<String> said = new HashSet<>();

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
        boolean isNew = said.size() < MOST && said.add(error.getClass() + ": " + error.getMessage());
        if (!isNew) {
            log.debug("{} can't be read still", what.get(), error);
            return;
        }
        if (error instanceof CoreException core && core.code() != ErrorCode.UNKNOWN) {
            // Its message was made for this: the stack is of whoever found it.
            log.warn("{} can't be read; it is retried: {}", what.get(), core.getMessage());
            log.debug("{} can't be read since here", what.get(), error);
        } else {
            log.warn("{} can't be read; it is retried", what.get(), error);
        }
    }

    /** A try went well. */
    void succeeded() {
        if (!said.isEmpty()) {
            said.clear();
            log.info("{} is read again", what.get());
        }
    }
}
