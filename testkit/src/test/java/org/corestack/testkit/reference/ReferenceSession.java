package org.corestack.testkit.reference;

import org.corestack.errors.CoreException;

/** What a driver's connection or session is to other engines: a transaction of the caller's own. Not thread-safe. */
public final class ReferenceSession {
    private final ReferenceWork work;
    private boolean ended;

    /** Begins a transaction. */
    public ReferenceSession(ReferenceDatabase database) {
        this.work = new ReferenceWork(database);
    }

    /** Lets take effect what was done. */
    public void commit() {
        work().database().commit(work);
        ended = true;
    }

    /** Forgets what was done. */
    public void rollback() {
        ended = true;
    }

    ReferenceWork work() {
        if (ended) {
            throw CoreException.failedPrecondition("the session has no transaction: it was committed or rolled back");
        }
        return work;
    }
}
