package org.corestack.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.BusyHandler;
import org.sqlite.Function;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * One connection with its prepared statements. Used by one thread at a time.
 *
 * <p>It stays in auto-commit: with it off, the driver would begin the next transaction right after each
 * commit and hold the file's lock while idle. Transactions are begun and ended by statements.
 */
final class Session implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int STATEMENTS_KEPT = 100;
    /** About a millisecond of work between two looks at the clock. */
    private static final int STEPS_BETWEEN_CHECKS = 20_000;

    /** As many as SQLite takes. */
    private static final int MOST_PARAMETERS = 32_766;

    private static final long SHORTEST_PAUSE_NANOS = 200_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000;

    private final SQLiteConnection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);
    private Patience patience;
    private boolean hasFunctions;

    Session(SQLiteConnection connection, Patience patience) throws SQLException {
        this(connection);
        this.patience = patience;
        BusyHandler.setHandler(connection, new BusyHandler() {
            @Override
            protected int callback(int attempts) {
                return pauseWhilePatient(attempts);
            }
        });
        ProgressHandler.setHandler(connection, STEPS_BETWEEN_CHECKS, new ProgressHandler() {
            @Override
            protected int progress() {
                return Session.this.patience.isOver() ? 1 : 0;
            }
        });
    }

    private Session(SQLiteConnection connection) {
        this.connection = connection;
        this.patience = () -> false;
    }

    /** On a connection of the caller's, whose own patience is left as it is. To be forgotten, not closed. */
    static Session joined(SQLiteConnection connection) {
        return new Session(connection);
    }

    /**
     * SQLite asks here whether to try a lock again. Its own pauses know no interrupt, and are so long that a process
     * which writes without rest finds the lock free each time, and those that wait never do.
     */
    private int pauseWhilePatient(int attempts) {
        if (patience.isOver()) {
            return 0;
        }
        long pause = Math.min(SHORTEST_PAUSE_NANOS * Math.max(1, attempts / 50), LONGEST_PAUSE_NANOS);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause));
        return 1;
    }

    void patience(Patience now) {
        patience = now;
    }

    /** Runs a statement without parameters; a result it may have is dropped. */
    void run(String sql) throws SQLException {
        PreparedStatement statement = prepare(sql, List.of());
        if (statement.execute()) {
            statement.getResultSet().close(); // or the statement would stay under way
        }
    }

    /** Runs a statement with parameters that gives no rows. */
    void update(String sql, @Nullable Object... parameters) throws SQLException {
        prepare(sql, Arrays.asList(parameters)).executeUpdate();
    }

    /** Runs a query. Its result has to be closed before the same text is prepared again. */
    ResultSet query(String sql, @Nullable Object... parameters) throws SQLException {
        return prepare(sql, Arrays.asList(parameters)).executeQuery();
    }

    /** The statement of a text, kept from call to call, with its parameters set. */
    PreparedStatement prepare(String sql, List<? extends @Nullable Object> parameters) throws SQLException {
        if (parameters.size() > MOST_PARAMETERS) {
            throw CoreException.invalidArgument("a filter has more than " + MOST_PARAMETERS
                    + " values; put those of one field into one condition that it is in a list");
        }
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
            dropEldest();
        }
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
        return statement;
    }

    /** Drops the prepared statements: after an error the driver holds some of them for closed. */
    void forget() {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                LOG.debug("a statement could not be closed", e);
            }
        }
        statements.clear();
    }

    private void dropEldest() throws SQLException {
        if (statements.size() > STATEMENTS_KEPT) {
            var eldest = statements.entrySet().iterator();
            PreparedStatement statement = eldest.next().getValue();
            eldest.remove();
            statement.close();
        }
    }

    /** The one number that a query gives. */
    long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The one text that a query gives. */
    String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Makes the functions of {@link SumFunction} and {@link ExtremeFunction} known to the connection. */
    void needFunctions() throws SQLException {
        if (!hasFunctions) {
            Function.create(connection, SumFunction.NAME, new SumFunction(), 1, Function.FLAG_DETERMINISTIC);
            for (boolean largest : new boolean[] {false, true}) {
                Function.create(
                        connection,
                        ExtremeFunction.name(largest),
                        new ExtremeFunction(largest),
                        ExtremeFunction.ARGUMENTS,
                        Function.FLAG_DETERMINISTIC);
            }
            hasFunctions = true;
        }
    }

    SQLiteConnection connection() {
        return connection;
    }

    /** Closes it, ending a transaction that may be open. */
    @Override
    public void close() throws SQLException {
        statements.clear();
        connection.close();
    }
}
