package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** What is known of the server behind one connection. Used by the one thread that has the connection. */
final class Backend {
    /**
     * A primary's history can't change while a connection to it lives. The timeline is that of the log file being
     * written: after a promotion the control file still shows the old one for minutes.
     */
    static final String TIMELINE =
            "CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END";

    /** Which cluster and database it is, of {@link #SERVER}. */
    static final String CLUSTER = "(c.system_identifier || '-' || d.oid)";

    static final String SERVER = "pg_control_system() c JOIN pg_database d ON d.datname = current_database()";

    private static final String IDENTIFY = "SELECT c.system_identifier, d.oid::text, " + TIMELINE + " FROM " + SERVER;

    private @Nullable String cluster;
    private @Nullable String history;
    private long statementTimeout = -1;

    /** The cluster and database, as long as they are not restored elsewhere. */
    String cluster(Connection connection) throws SQLException {
        if (cluster == null) {
            identify(connection);
        }
        return cluster == null ? "" : cluster;
    }

    /** The history that positions are of; null on a standby, which may be promoted at any time. */
    @Nullable
    String history(Connection connection) throws SQLException {
        if (history == null) {
            identify(connection);
        }
        return history;
    }

    /** It has turned out to be another: it is asked for anew. */
    void forgetHistory() {
        history = null;
        cluster = null;
    }

    private void identify(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(IDENTIFY)) {
            row.next();
            String system = Long.toUnsignedString(row.getLong(1));
            String timeline = row.getString(3);
            cluster = system + "-" + row.getString(2);
            history = timeline == null ? null : system + "-" + timeline + "-" + row.getString(2);
        }
    }

    /**
     * Has the server end statements that take longer. What it was told before does if it is about right, as telling
     * costs a round trip.
     */
    void limit(Connection connection, long millis) throws SQLException {
        if (statementTimeout < millis || statementTimeout > millis + millis / 8 + 20) {
            long told = Math.min(millis + millis / 16 + 5, Integer.MAX_VALUE);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET statement_timeout = " + told);
            }
            statementTimeout = told;
        }
    }

    /** What was told in a transaction that was rolled back is not so. */
    void forgetLimit() {
        statementTimeout = -1;
    }
}
