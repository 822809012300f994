package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** The protocol counts them in 16 bits. */
    private static final int MOST_PARAMETERS = 65_535;

    private final Connection connection;
    private final Backend backend;
    private final Bound bound;
    private final Deadline deadline;
    private final Object doing;
    private boolean inTransaction;
    private boolean inDoubt;

    /** What keeps its deadline, beside whoever looks after it and asks the server to cancel. */
    enum Bound {
        /** The server is told, and the socket is given up a little later: a connection of ours. */
        SERVER,
        /** The socket is given up: a connection that is given back with the settings it came with. */
        SOCKET,
        /** The driver asks the server to cancel a statement: a connection on which the caller goes on. */
        STATEMENT
    }

    /** What is done with the rows of a query. */
    interface Rows<T> {
        T from(ResultSet rows) throws SQLException;
    }

    /** A session on a connection in auto-commit. */
    Session(Connection connection, Backend backend, Bound bound, Deadline deadline, Object doing) {
        this.connection = connection;
        this.backend = backend;
        this.bound = bound;
        this.deadline = deadline;
        this.doing = doing;
    }

    /** This session, on a connection in a transaction. */
    Session inTransaction() {
        inTransaction = true;
        return this;
    }

    /** Whether something was sent that takes effect by itself, and has not been answered. */
    boolean isInDoubt() {
        return inDoubt;
    }

    /** Begins a transaction. */
    void begin() throws SQLException {
        connection.setAutoCommit(false);
        inTransaction = true;
    }

    /** Commits, on a connection that is then in no transaction. */
    void commit() throws SQLException {
        deadline.check(doing.toString());
        setPatience();
        inDoubt = true;
        connection.commit();
        inDoubt = false;
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

    /** The history again, where it has turned out that another server answers. */
    void forgetHistory() {
        backend.forgetHistory();
    }

    /** Runs a query. */
    <T> T query(String sql, List<? extends @Nullable Object> parameters, Rows<T> rows) throws SQLException {
        limit();
        try (PreparedStatement statement = prepare(sql, parameters)) {
            inDoubt = !inTransaction;
            try (ResultSet found = statement.executeQuery()) {
                T result = rows.from(found);
                inDoubt = false;
                return result;
            }
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
            inDoubt = !inTransaction;
            int changed = statement.executeUpdate();
            inDoubt = false;
            return changed;
        }
    }

    /** Does work in a savepoint: what fails is undone by itself. Its end is told to the server however late it is. */
    <T> T inSavepoint(Pool.Work<T> work) throws SQLException {
        update("SAVEPOINT corestack");
        T result;
        try {
            result = work.with(this);
        } catch (SQLException | RuntimeException e) {
            try {
                end("ROLLBACK TO SAVEPOINT corestack; RELEASE SAVEPOINT corestack");
            } catch (SQLException | RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
        end("RELEASE SAVEPOINT corestack");
        return result;
    }

    private void end(String sql) throws SQLException {
        setPatience();
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
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
        setPatience();
        if (bound == Bound.SERVER) {
            backend.limit(connection, Math.max(1, deadline.remaining().toMillis()));
        }
    }

    /** Has the socket given up a while after the deadline. */
    private void setPatience() throws SQLException {
        if (bound != Bound.STATEMENT) {
            long left = Math.max(1, deadline.remaining().toMillis());
            long silence = Math.min(left + left / 8 + GRACE_MILLIS, Integer.MAX_VALUE);
            connection.setNetworkTimeout(Runnable::run, (int) silence);
        }
    }

    private PreparedStatement prepare(String sql, List<? extends @Nullable Object> parameters) throws SQLException {
        if (parameters.size() > MOST_PARAMETERS) {
            throw CoreException.invalidArgument(doing + " has " + parameters.size()
                    + " values in its conditions; PostgreSQL takes at most " + MOST_PARAMETERS);
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        if (bound == Bound.STATEMENT) {
            statement.setQueryTimeout((int) Math.min(deadline.remaining().toSeconds() + 1, Integer.MAX_VALUE));
        }
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
