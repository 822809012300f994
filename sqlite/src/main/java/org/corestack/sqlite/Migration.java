package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.sql.JsonCodec;

/** Brings the tables of an older format up to date, step by step. */
final class Migration {
    /** The steps, that from format 1 first. */
    private static final List<Step> STEPS = List.of(Migration::keepRecordsAndIndexes);

    /** All indexes of format 1 were made on one path by a statement that has it so. */
    private static final Pattern FORMAT_1_PATH = Pattern.compile("json_extract\\(doc, '\\$\\.([A-Za-z0-9_.]+)'\\)");

    private static final int RECORD = 0x07;

    private interface Step {
        void run(Session session) throws SQLException;
    }

    private record Collection(long id, CollectionName name) {}

    private Migration() {}

    /** Takes the steps from a version to ours. Inside a transaction that writes. */
    static void run(Session session, int from) throws SQLException {
        for (int version = from; version < Format.VERSION; version++) {
            STEPS.get(version - 1).run(session);
            session.update("UPDATE corestack_meta SET value = ? WHERE name = 'format'", version + 1);
        }
    }

    /** From 1 to 2: the components of keys in a column of their own, and a table of what indexes are to do. */
    private static void keepRecordsAndIndexes(Session session) throws SQLException {
        session.run(Format.INDEXES);
        List<Collection> collections = new ArrayList<>();
        try (ResultSet row = session.query("SELECT id, store, name FROM corestack_collection")) {
            while (row.next()) {
                collections.add(new Collection(row.getLong(1), new CollectionName(row.getString(2), row.getString(3))));
            }
        }
        for (Collection collection : collections) {
            session.run("ALTER TABLE " + collection.name.quotedTable() + " ADD COLUMN record TEXT");
            keepRecords(session, collection.name);
            keepIndexes(session, collection);
        }
    }

    private static void keepRecords(Session session, CollectionName name) throws SQLException {
        JsonCodec codec = new JsonCodec();
        String next = "SELECT key FROM " + name.quotedTable() + " WHERE key > ? ORDER BY key LIMIT 1000";
        byte[] last = {RECORD};
        while (true) {
            List<byte[]> keys = new ArrayList<>();
            try (ResultSet row = session.query(next, last)) {
                while (row.next()) {
                    keys.add(row.getBytes(1));
                }
            }
            if (keys.isEmpty()) {
                return;
            }
            for (byte[] key : keys) {
                session.update(
                        "UPDATE " + name.quotedTable() + " SET record = ? WHERE key = ?",
                        KeyColumn.toRecord(Key.fromBytes(key), codec),
                        key);
                last = key;
            }
        }
    }

    private static void keepIndexes(Session session, Collection collection) throws SQLException {
        List<Index> indexes = new ArrayList<>();
        try (ResultSet row = session.query(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
                collection.name.table())) {
            String prefix = collection.name.index("");
            while (row.next()) {
                Matcher path = FORMAT_1_PATH.matcher(row.getString(2));
                if (row.getString(1).startsWith(prefix) && path.find()) {
                    indexes.add(Index.on(FieldPath.of(path.group(1)))
                            .named(row.getString(1).substring(prefix.length())));
                }
            }
        }
        for (Index index : indexes) {
            session.run(new IndexRow(index).statement(collection.name));
        }
    }
}
