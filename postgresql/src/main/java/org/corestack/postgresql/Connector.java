package org.corestack.postgresql;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.EngineConfig;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes the driver's source of connections, and looks whether the server will do. */
final class Connector {
    private static final int OLDEST = 130_000;
    private static final int NAME_BYTES = 63;

    private Connector() {}

    /** The source of connections. Nothing is connected yet. */
    static PGSimpleDataSource source(PostgresUri uri, EngineConfig config) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(uri.jdbcUrl());
            if (uri.user() != null) {
                source.setUser(uri.user());
            }
            if (uri.password() != null) {
                source.setPassword(uri.password());
            }
            int seconds = (int) Math.max(1, Math.min(config.timeout().toSeconds(), 3_600));
            source.setConnectTimeout(seconds);
            source.setSocketTimeout(seconds + 1);
            source.setCancelSignalTimeout(2);
            source.setTcpKeepAlive(true);
            // A detail of an error may be a whole row.
            source.setLogServerErrorDetail(false);
            // What a database or role may have as its defaults must not change what statements mean.
            source.setOptions("-c default_transaction_isolation=read\\ committed -c lock_timeout=0");
            source.setApplicationName(cut("corestack/" + config.source()));
            for (var parameter : uri.parameters().entrySet()) {
                source.setProperty(parameter.getKey(), parameter.getValue());
            }
            return source;
        } catch (SQLException e) {
            throw CoreException.invalidArgument("the URI of the PostgreSQL database can't be used: " + e.getMessage());
        }
    }

    private static String cut(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return bytes.length <= NAME_BYTES ? name : name.substring(0, NAME_BYTES);
    }

    /** Connects once, so that what is wrong is said in its own words. */
    static void check(DataSource source, String which, Duration timeout) {
        String doing = "opening the PostgreSQL database " + which;
        try (Connection connection = source.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, (int) Math.min(timeout.toMillis() + 1, Integer.MAX_VALUE));
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
                                    + " current_setting('server_encoding')")) {
                row.next();
                if (row.getInt(1) < OLDEST) {
                    throw CoreException.unsupported(
                            doing + " failed: the server is of version " + row.getString(2) + "; 13 is the oldest");
                }
                if (!row.getString(3).equals("UTF8")) {
                    throw CoreException.unsupported(doing + " failed: the database is in " + row.getString(3)
                            + "; it must be in UTF8, or text would have another order");
                }
            }
        } catch (SQLException e) {
            if (PostgresErrors.isSilence(e)) {
                throw new CoreException(
                        ErrorCode.DEADLINE_EXCEEDED, doing + " failed: the server did not answer in " + timeout, e);
            }
            throw PostgresErrors.translate(e, doing);
        }
    }
}
