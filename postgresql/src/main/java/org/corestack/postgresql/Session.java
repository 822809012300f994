package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/** A connection, borrowed for one piece of work with a deadline. Used by one thread. */
final class Session {
    /** How much longer than the server is told the client waits for it, before it takes the connection for dead. */
    private static final long GRACE_MILLIS = 1_000;

    private final Connection connection;
    private final Backend backend;
    private final boolean owned;
    private final Deadline deadline;
    private final Object doing;

    /** What is done with the rows of a query. */
    interface Rows<T> {
        T from(ResultSet rows) throws SQLException;
    }

    /**
     * A session.
     *
     * @param owned whether the connection is ours, so that its settings can be changed
     */
    Session(Connection connection, Backend backend, boolean owned, Deadline deadline, Object doing) {
        this.connection = connection;
        this.backend = backend;
        this.owned = owned;
        this.deadline = deadline;
        this.doing = doing;
    }

    Connection connection() {
        return connection;
    }

    /** The cluster and database. */
    String cluster() throws SQLException {
        limit();
        return backend.cluster(connection);
    }

    /** The history that positions are of; UNSUPPORTED on a standby. */
    String history() throws SQLException {
        limit();
        String history = backend.history(connection);
        if (history == null) {
            throw CoreException.unsupported(doing + " needs the primary, and the server is a hot standby, whose"
                    + " snapshots leave out transactions that are still running; name the primary in the URI");
        }
        return history;
    }

    /** Runs a query. */
    <T> T query(String sql, List<? extends @Nullable Object> parameters, Rows<T> rows) throws SQLException {
        limit();
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet found = statement.executeQuery()) {
            return rows.from(found);
        }
    }

    /** What the first row of a query gives; empty where there is none. */
    <T> Optional<T> first(String sql, List<? extends @Nullable Object> parameters, Rows<T> row) throws SQLException {
        return query(sql, parameters, rows -> rows.next() ? Optional.of(row.from(rows)) : Optional.empty());
    }

    /** Runs a statement that gives no rows; how many it changed. */
    int update(String sql, @Nullable Object... parameters) throws SQLException {
        limit();
        try (PreparedStatement statement = prepare(sql, java.util.Arrays.asList(parameters))) {
            return statement.executeUpdate();
        }
    }

    /** Whether a query gives a row. */
    boolean exists(String sql, @Nullable Object... parameters) throws SQLException {
        return query(sql, java.util.Arrays.asList(parameters), ResultSet::next);
    }

    /** Undoes the open transaction, and makes the connection fit for others; a broken one is thrown away by the pool. */
    void rollback(Throwable because) {
        backend.forgetLimit();
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    /** Waits for a lock that the transaction then holds to its end. */
    void lock(long number) throws SQLException {
        query("SELECT pg_advisory_xact_lock(?)", List.of(number), ResultSet::next);
    }

    /** The server ends what takes too long; where it does not answer at all, the socket does. */
    private void limit() throws SQLException {
        deadline.check(doing.toString());
        if (!owned) {
            return;
        }
        long left = Math.max(1, deadline.remaining().toMillis());
        long silence = Math.min(left + left / 8 + GRACE_MILLIS, Integer.MAX_VALUE);
        connection.setNetworkTimeout(Runnable::run, (int) silence);
        backend.limit(connection, left);
    }

    private PreparedStatement prepare(String sql, List<? extends @Nullable Object> parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.size(); i++) {
            bind(statement, i + 1, parameters.get(i));
        }
        return statement;
    }

    private void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof PgNumeric number) {
            PGobject object = new PGobject();
            object.setType("numeric");
            object.setValue(number.text());
            statement.setObject(index, object);
        } else if (value instanceof byte[][] keys) {
            statement.setArray(index, connection.createArrayOf("bytea", keys));
        } else if (value instanceof String[] texts) {
            statement.setArray(index, connection.createArrayOf("text", texts));
        } else if (value instanceof Long[] numbers) {
            statement.setArray(index, connection.createArrayOf("bigint", numbers));
        } else if (value == null) {
            statement.setNull(index, java.sql.Types.VARCHAR);
        } else {
            throw new IllegalArgumentException("no parameter can be a " + value.getClass());
        }
    }
}
