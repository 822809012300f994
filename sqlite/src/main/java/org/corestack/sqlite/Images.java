package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.corestack.document.Change.Operation;
import org.corestack.sql.StoredJson;
import org.jspecify.annotations.Nullable;

/**
 * The documents before and after a change, which some collections keep beside its row of the log.
 *
 * <p>Triggers of the collection's table do that: they are part of the file, so that every process has them from the commit
 * on that made them, in each of its transactions, whichever way a document is written.
 *
 * @param before null before an insert
 * @param after null after a delete
 */
record Images(@Nullable StoredJson before, @Nullable StoredJson after) {
    private static final String TABLE = "corestack_image";

    /** Whether any collection of the file has ever kept some. */
    static boolean areThere(Session session) throws SQLException {
        return session.number("SELECT count(*) FROM sqlite_schema WHERE name = '" + TABLE + "'") > 0;
    }

    /** Whether a collection keeps them. */
    static boolean areKept(Session session, long collection) throws SQLException {
        return session.number("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name = '"
                        + trigger(collection, Operation.INSERT) + "'")
                > 0;
    }

    private static String trigger(long collection, Operation operation) {
        return TABLE + "_" + collection + "_" + operation;
    }

    /** Keeps them from now on, or no longer. Inside a transaction that writes. */
    static void keep(Session session, CollectionName name, long collection, boolean keep) throws SQLException {
        for (Operation operation : List.of(Operation.INSERT, Operation.UPDATE, Operation.DELETE)) {
            session.run("DROP TRIGGER IF EXISTS " + trigger(collection, operation));
        }
        if (!keep) {
            return;
        }
        session.run("CREATE TABLE IF NOT EXISTS " + TABLE + " (seq INTEGER PRIMARY KEY, old_doc TEXT, old_longs TEXT,"
                + " new_doc TEXT, new_longs TEXT)");
        String none = "NULL, NULL";
        create(
                session,
                name,
                collection,
                Operation.INSERT,
                "",
                "VALUES (NEW.version, " + none + ", NEW.doc, NEW.longs)");
        create(
                session,
                name,
                collection,
                Operation.UPDATE,
                "WHEN NEW.version <> OLD.version ",
                "VALUES (NEW.version, OLD.doc, OLD.longs, NEW.doc, NEW.longs)");
        // The row of the log is written before the document is deleted, so that it is among the last.
        create(
                session,
                name,
                collection,
                Operation.DELETE,
                "",
                "SELECT seq, OLD.doc, OLD.longs, " + none
                        + " FROM corestack_log WHERE seq > OLD.version AND collection = "
                        + collection + " AND key = OLD.key AND op = " + LogOperation.DELETE.code()
                        + " ORDER BY seq DESC LIMIT 1");
    }

    private static void create(
            Session session, CollectionName name, long collection, Operation operation, String when, String row)
            throws SQLException {
        session.run("CREATE TRIGGER " + trigger(collection, operation) + " AFTER " + operation + " ON "
                + name.quotedTable() + " " + when + "BEGIN INSERT INTO " + TABLE
                + " (seq, old_doc, old_longs, new_doc, new_longs) " + row + "; END");
    }

    /** Those of a row of the log; null if there are none. The table has to be there. */
    static @Nullable Images find(Session session, long seq) throws SQLException {
        try (ResultSet row =
                session.query("SELECT old_doc, old_longs, new_doc, new_longs FROM " + TABLE + " WHERE seq = ?", seq)) {
            return row.next() ? new Images(json(row, 1), json(row, 3)) : null;
        }
    }

    private static @Nullable StoredJson json(ResultSet row, int column) throws SQLException {
        String doc = row.getString(column);
        return doc == null ? null : new StoredJson(doc, row.getString(column + 1));
    }

    /** How many characters they have. */
    long characters() {
        long old = before == null ? 0 : before.doc().length();
        return after == null ? old : old + after.doc().length();
    }

    /** Drops those of rows of the log up to a number. */
    static void trim(Session session, long upTo) throws SQLException {
        if (areThere(session)) {
            session.update("DELETE FROM " + TABLE + " WHERE seq <= ?", upTo);
        }
    }
}
