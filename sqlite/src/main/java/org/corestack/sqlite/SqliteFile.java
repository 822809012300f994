package org.corestack.sqlite;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * A database file, and how connections to it are made.
 *
 * <p>It is only ever opened through SQLite: a process that closes any other handle of the file gives up all
 * the locks that it holds on it.
 *
 * @param path absolute
 * @param temporary whether it is ours to delete
 * @param durability what a confirmed write survives
 * @param adopted the user's own source of connections, null for ours
 */
record SqliteFile(
        Path path,
        boolean temporary,
        Durability durability,
        @Nullable SQLiteDataSource adopted) {
    /**
     * The file of a source of connections.
     *
     * @throws CoreException INVALID_ARGUMENT if it has none, or its connections would end write-ahead logging;
     *     FORBIDDEN if they only read
     */
    static SqliteFile adopt(SQLiteDataSource source) {
        String journal = source.getConfig().toProperties().getProperty("journal_mode", "WAL");
        if (!journal.equalsIgnoreCase("WAL")) {
            throw CoreException.invalidArgument("the data source sets the journal mode " + journal
                    + " for each connection; leave it alone, or set WAL");
        }
        try (Connection connection = source.getConnection()) {
            if (connection.isReadOnly()) {
                throw new CoreException(ErrorCode.FORBIDDEN, "the data source opens its file for reading alone");
            }
            Path path = of(connection.unwrap(SQLiteConnection.class))
                    .orElseThrow(() -> CoreException.invalidArgument(
                            "the data source is of a database in memory; it must be of a file"));
            return new SqliteFile(path, false, Durability.POWER, source);
        } catch (SQLException e) {
            if (SqliteErrors.isNoDatabase(e)) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT, "the file of the data source is no SQLite database", e);
            }
            throw SqliteErrors.translate(e, "asking a data source for its file");
        }
    }

    /** The file of a connection; empty where its database is in memory. */
    static Optional<Path> of(SQLiteConnection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT file FROM pragma_database_list WHERE name = 'main'")) {
            String name = row.next() ? row.getString(1) : null;
            return name == null || name.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Path.of(name).toAbsolutePath());
        }
    }

    /** How a connection opens the file. */
    enum Mode {
        /** Makes it where it is missing. */
        CREATE,
        /** Reads and writes. */
        WRITE,
        /** Refuses to write through this connection. */
        READ,
        /** Can't change a byte of it. */
        LOOK
    }

    Session open(Mode mode, Patience patience) throws SQLException {
        SQLiteConnection connection = connect(mode);
        try {
            Session session = new Session(connection, patience);
            if (mode != Mode.LOOK) {
                session.run("PRAGMA synchronous = " + durability.synchronous());
            }
            if (mode == Mode.READ) {
                session.run("PRAGMA query_only = 1");
            }
            return session;
        } catch (SQLException | RuntimeException | Error e) {
            // The first statement reads the file: one that is locked or damaged must not cost a handle at each try.
            closeAfter(connection, e);
            throw e;
        }
    }

    private static void closeAfter(SQLiteConnection connection, Throwable because) {
        try {
            connection.close();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private SQLiteConnection connect(Mode mode) throws SQLException {
        if (adopted != null) {
            return adopted.getConnection().unwrap(SQLiteConnection.class);
        }
        SQLiteConfig config = config();
        if (mode != Mode.CREATE) {
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        config.setReadOnly(mode == Mode.LOOK);
        return (SQLiteConnection) config.createConnection(url());
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setGetGeneratedKeys(false); // it would ask for the last row after every insert
        return config;
    }

    /** A source of further connections for the user's own use. */
    SQLiteDataSource dataSource() {
        if (adopted != null) {
            return adopted;
        }
        SQLiteConfig config = config();
        config.setBusyTimeout(10_000);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl(url());
        return source;
    }

    /** As a URI, so that no character of the path means something to the driver. */
    private String url() {
        StringBuilder url = new StringBuilder("jdbc:sqlite:file:");
        String text = path.toString().replace('\\', '/');
        url.append(text.startsWith("/") ? "" : "/");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/._-:".indexOf(c) >= 0);
            url.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return url.toString();
    }

    /** The write-ahead log beside it. */
    Path wal() {
        return sibling("-wal");
    }

    /** The shared index of the write-ahead log beside it. */
    Path shm() {
        return sibling("-shm");
    }

    private Path sibling(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /** For people. */
    @Override
    public String toString() {
        return "the file " + path;
    }
}
