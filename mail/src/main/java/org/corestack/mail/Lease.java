package org.corestack.mail;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The right to one connection of the pool, and the connection if there is one already.
 *
 * <p>It has as many holders as there are threads that may still use it: who sends, and the worker that does it. The last
 * one to leave gives it back, so that a worker which is stuck keeps its place and no more.
 */
final class Lease {
    private final ConnectionPool pool;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile @Nullable Connection connection;

    Lease(ConnectionPool pool, @Nullable Connection connection) {
        this.pool = pool;
        this.connection = connection;
    }

    /** The connection, if one that can be used is there. */
    @Nullable
    Connection connection() {
        Connection current = connection;
        return current == null || current.broken() ? null : current;
    }

    void connection(@Nullable Connection other) {
        connection = other;
    }

    void join() {
        holders.incrementAndGet();
    }

    void leave() {
        if (holders.decrementAndGet() == 0) {
            pool.giveBack(this);
        }
    }
}
