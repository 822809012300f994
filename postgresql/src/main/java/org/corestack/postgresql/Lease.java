package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection in a transaction: one of the pool's, or the caller's own. One thread at a time. */
abstract class Lease {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /** Does a piece of work in the transaction. */
    abstract <T> T use(Deadline deadline, Object doing, Pool.Work<T> work);

    /** Commits, where that is not the caller's affair. */
    abstract void commit(Deadline deadline, Object doing);

    /** Gives it back, if it was lent. */
    abstract void close(boolean rollback);

    private static void checkNotInterrupted(Object doing) {
        if (Thread.currentThread().isInterrupted()) {
            throw CoreException.interrupted(doing + " was interrupted", new InterruptedException());
        }
    }

    /** One of the pool's. */
    static final class Lent extends Lease {
        private final Pool pool;
        private final Borrowed borrowed;

        Lent(Pool pool, Borrowed borrowed) {
            this.pool = pool;
            this.borrowed = borrowed;
        }

        @Override
        <T> T use(Deadline deadline, Object doing, Pool.Work<T> work) {
            pool.checkOpen(doing);
            checkNotInterrupted(doing);
            if (borrowed.isGone()) {
                throw CoreException.failedPrecondition(doing
                        + " failed: the transaction was rolled back when an operation in it was given up, or lost its"
                        + " connection");
            }
            return pool.guarded(Pool.Use.TRANSACTION, borrowed, deadline, doing, work);
        }

        @Override
        void commit(Deadline deadline, Object doing) {
            use(deadline, doing, session -> {
                session.commit();
                return true;
            });
        }

        @Override
        void close(boolean rollback) {
            try {
                Connection connection = borrowed.connection();
                if (rollback) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
                pool.backend(borrowed.driver()).forgetLimit();
            } catch (SQLException | RuntimeException e) {
                LOG.debug("a transaction was over before it was rolled back", e);
            } finally {
                pool.giveBack(borrowed);
            }
        }
    }

    /** The caller's own. */
    static final class Joined extends Lease {
        private final Pool pool;
        private final Connection connection;

        Joined(Pool pool, Connection connection) {
            this.pool = pool;
            this.connection = connection;
        }

        @Override
        <T> T use(Deadline deadline, Object doing, Pool.Work<T> work) {
            pool.checkOpen(doing);
            checkNotInterrupted(doing);
            Session session =
                    new Session(connection, new Backend(), Session.Bound.STATEMENT, deadline, doing).inTransaction();
            try {
                return work.with(session);
            } catch (SQLException e) {
                throw pool.translate(e, false, deadline, doing);
            }
        }

        @Override
        void commit(Deadline deadline, Object doing) {
            // The caller does.
        }

        @Override
        void close(boolean rollback) {
            // The caller's.
        }
    }
}
