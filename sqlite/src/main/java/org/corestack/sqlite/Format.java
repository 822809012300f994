package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** Our own tables in a file, and the version of their form. */
final class Format {
    static final int VERSION = 2;

    /** What is known of the indexes of collections; the file itself keeps only the statements that made them. */
    static final String INDEXES = "CREATE TABLE IF NOT EXISTS corestack_index (collection INTEGER NOT NULL,"
            + " name TEXT NOT NULL COLLATE NOCASE, terms TEXT NOT NULL, is_unique INTEGER NOT NULL,"
            + " is_sparse INTEGER NOT NULL, expire INTEGER, PRIMARY KEY (collection, name))";

    /**
     * What makes our tables in a file that has none, each statement by itself harmless where they are there: the random
     * identifier of the file, for one, stays what it is.
     */
    private static final List<String> STATEMENTS = List.of(
            "CREATE TABLE IF NOT EXISTS corestack_meta (name TEXT NOT NULL PRIMARY KEY, value NOT NULL)",
            "CREATE TABLE IF NOT EXISTS corestack_collection (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                    + " store TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE, UNIQUE (store, name))",
            INDEXES,
            "CREATE TABLE IF NOT EXISTS corestack_source (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                    + " name TEXT NOT NULL UNIQUE)",
            // Without AUTOINCREMENT a log that was trimmed empty would count from 1 again.
            "CREATE TABLE IF NOT EXISTS corestack_log (seq INTEGER PRIMARY KEY AUTOINCREMENT,"
                    + " collection INTEGER NOT NULL, key NOT NULL, op INTEGER NOT NULL, time INTEGER NOT NULL,"
                    + " source INTEGER NOT NULL, nonce INTEGER NOT NULL)",
            "INSERT OR IGNORE INTO corestack_meta VALUES ('file', lower(hex(randomblob(16)))), ('floor', 0),"
                    + " ('floor_nonce', random()), ('format', " + VERSION + ")");

    private Format() {}

    /**
     * The version of our tables in the file, 0 if there are none. Changes nothing.
     *
     * @throws CoreException UNSUPPORTED if it is newer, FAILED_PRECONDITION if a table of our name is not ours
     */
    static int version(Session session, SqliteFile file) throws SQLException {
        if (session.number("SELECT count(*) FROM sqlite_schema WHERE name = 'corestack_meta'") == 0) {
            return 0;
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
            return (int) format;
        }
    }

    /** Makes our tables beside those that may be there. Inside a transaction. */
    static void create(Session session) throws SQLException {
        for (String statement : STATEMENTS) {
            session.run(statement);
        }
    }

    /** The statements that {@link #create} runs. */
    static List<String> statements() {
        return STATEMENTS;
    }

    /** The random identifier of the file. */
    static String fileId(Session session) throws SQLException {
        return session.text("SELECT value FROM corestack_meta WHERE name = 'file'");
    }
}
