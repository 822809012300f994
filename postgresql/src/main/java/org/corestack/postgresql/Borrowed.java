package org.corestack.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that was lent for a piece of work, in auto-commit. One of the user's own source is given back with the
 * settings that it came with. Used by one thread.
 */
final class Borrowed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Borrowed.class);

    private final Connection connection;
    private final boolean ours;
    private final boolean autoCommit;
    private final int networkTimeout;
    private boolean gone;

    /**
     * A connection just lent.
     *
     * @param ours whether it is of a pool of ours, whose settings are ours to change
     */
    Borrowed(Connection connection, boolean ours) throws SQLException {
        this.connection = connection;
        this.ours = ours;
        this.autoCommit = ours || connection.getAutoCommit();
        this.networkTimeout = ours ? 0 : connection.getNetworkTimeout();
        if (!autoCommit) {
            // What is one statement would else be rolled back by whoever lent it.
            connection.setAutoCommit(true);
        }
    }

    Connection connection() {
        return connection;
    }

    PGConnection driver() throws SQLException {
        return connection.unwrap(PGConnection.class);
    }

    /** How far its settings may be changed. */
    Session.Bound bound() {
        return ours ? Session.Bound.SERVER : Session.Bound.SOCKET;
    }

    /**
     * It is not to be used again, by nobody, and what was begun on it is undone.
     *
     * @param pool of ours, null where it is of a source of the user's
     */
    void abandon(@Nullable HikariDataSource pool) {
        gone = true;
        if (pool != null) {
            pool.evictConnection(connection);
            return;
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be aborted", e);
        }
    }

    boolean isGone() {
        return gone;
    }

    /** Gives it back. What was done is done: that it can't be given back, being evicted or broken, changes nothing. */
    @Override
    public void close() {
        try {
            if (!ours && !connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be given its settings back", e);
        }
        closeQuietly(connection);
    }

    static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be given back", e);
        }
    }
}
