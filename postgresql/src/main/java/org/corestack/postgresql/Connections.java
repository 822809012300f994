package org.corestack.postgresql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The driver's source of connections as the pool sees it. The pool would set how long a login may take to how long it
 * waits itself, which is short, and a server under load would never be reached.
 *
 * @param driver the driver's
 */
record Connections(DataSource driver) implements DataSource {
    @Override
    public Connection getConnection() throws SQLException {
        return driver.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return driver.getConnection(user, password);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter writer) {
        // Nothing is written: the library logs.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // The engine's own settings hold.
    }

    /** In seconds. A pool that is closed waits so long for a connection that is being made; with 0 it would not wait at all. */
    @Override
    public int getLoginTimeout() throws SQLException {
        return Math.max(1, driver.getLoginTimeout());
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return driver.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return driver.isWrapperFor(type);
    }
}
