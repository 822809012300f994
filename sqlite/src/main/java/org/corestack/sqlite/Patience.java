package org.corestack.sqlite;

import org.corestack.store.spi.Deadline;

/** How long a connection goes on with a statement, or waits for a lock. Asked often, on the thread that works. */
interface Patience {
    /** Whether the statement is to end now, with an error. */
    boolean isOver();

    /** Until the deadline passes or the thread is interrupted. */
    static Patience until(Deadline deadline) {
        return () -> deadline.isExpired() || Thread.currentThread().isInterrupted();
    }
}
