package org.corestack.sqlite;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** Our own tables in a file, and the version of their form. */
final class Format {
    static final int VERSION = 1;

    private static final String[] TABLES = {
        "CREATE TABLE corestack_meta (name TEXT NOT NULL PRIMARY KEY, value NOT NULL)",
        "CREATE TABLE corestack_collection (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                + " store TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE, UNIQUE (store, name))",
        "CREATE TABLE corestack_source (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
        // Without AUTOINCREMENT a log that was trimmed empty would count from 1 again.
        "CREATE TABLE corestack_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL,"
                + " key NOT NULL, op INTEGER NOT NULL, time INTEGER NOT NULL, source INTEGER NOT NULL,"
                + " nonce INTEGER NOT NULL)"
    };

    private Format() {}

    /**
     * Whether the file holds our tables, in a form that we know. Changes nothing.
     *
     * @throws CoreException UNSUPPORTED if the form is newer, FAILED_PRECONDITION if a table of our name is not ours
     */
    static boolean isThere(Session session, SqliteFile file) throws SQLException {
        if (session.number("SELECT count(*) FROM sqlite_schema WHERE name = 'corestack_meta'") == 0) {
            return false;
        }
        try (ResultSet row = session.query("SELECT value FROM corestack_meta WHERE name = 'format'")) {
            long format = row.next() ? row.getLong(1) : 0;
            if (format > VERSION) {
                throw CoreException.unsupported(file + " has the format " + format + "; this version of Core Stack"
                        + " knows formats up to " + VERSION + ": use the newer version that wrote it");
            }
            if (format < 1) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        file + " has a table corestack_meta that says no format: it is not Core Stack's");
            }
        }
        return true;
    }

    /** Makes our tables beside those that may be there. Inside a transaction. */
    static void create(Session session) throws SQLException {
        SecureRandom random = new SecureRandom();
        byte[] id = new byte[16];
        random.nextBytes(id);
        for (String table : TABLES) {
            session.run(table);
        }
        session.update("INSERT INTO corestack_meta VALUES ('format', ?)", VERSION);
        session.update(
                "INSERT INTO corestack_meta VALUES ('file', ?)", HexFormat.of().formatHex(id));
        new Floor(0, random.nextLong()).write(session);
    }

    /** The random identifier of the file. */
    static String fileId(Session session) throws SQLException {
        return session.text("SELECT value FROM corestack_meta WHERE name = 'file'");
    }
}
