package org.corestack.postgresql;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One real server for all tests of a JVM, with a database for each that asks. */
final class Server {
    private static final Server ONE = new Server();
    /** A test may have some, and a pool's connections come and go. */
    private static final int KEPT = 10;

    private final EmbeddedPostgres postgres;
    private final AtomicInteger databases = new AtomicInteger();
    private final List<String> old = new ArrayList<>();

    private Server() {
        try {
            postgres = builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server as the tests use it: fast, as none of them pulls the plug. */
    static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "64MB");
    }

    /** The name of a new database. */
    static String freshDatabase() {
        return ONE.fresh();
    }

    private synchronized String fresh() {
        if (old.size() > KEPT) {
            old.subList(0, old.size() - KEPT).removeIf(this::drop);
        }
        String name = "test" + databases.incrementAndGet();
        run("postgres", "CREATE DATABASE " + name);
        old.add(name);
        return name;
    }

    /** Drops what nobody is connected to any more; the server would wait for five seconds before it refuses. */
    private boolean drop(String database) {
        String connected =
                query("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + database + "'");
        if (!connected.equals("0")) {
            return false;
        }
        run("postgres", "DROP DATABASE " + database);
        return true;
    }

    static int port() {
        return ONE.postgres.getPort();
    }

    static String uri(String database) {
        return uri(database, port());
    }

    static String uri(String database, int port) {
        return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
    }

    /** A connection of the test's own, as an administrator. */
    static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/" + database, "postgres", "");
    }

    /** Runs statements as an administrator. */
    static void run(String database, String... statements) {
        run(port(), database, statements);
    }

    static void run(int port, String database, String... statements) {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one value that a query gives, as text. */
    static String query(String database, String sql) {
        try (Connection connection = connect(database)) {
            return query(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
