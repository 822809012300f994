package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Which collections the file has. Remembers those that are committed: none is ever dropped. Thread-safe. */
final class Catalog {
    private final ConcurrentMap<CollectionName, Long> committed = new ConcurrentHashMap<>();

    /**
     * The number of a collection; null if there is none, as far as the session sees.
     *
     * @throws CoreException FAILED_PRECONDITION if there is one whose name differs only in case
     */
    @Nullable
    Long find(Session session, CollectionName name) throws SQLException {
        Long known = committed.get(name);
        if (known != null) {
            return known;
        }
        try (ResultSet row = session.query(
                "SELECT id, store, name FROM corestack_collection WHERE store = ?1 AND name = ?2"
                        + " OR store = ?1 AND store <> ?1 COLLATE BINARY ORDER BY name = ?2 DESC LIMIT 1",
                name.store(),
                name.collection())) {
            if (!row.next()) {
                return null;
            }
            CollectionName found = new CollectionName(row.getString(2), row.getString(3));
            if (!found.equals(name)) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        "there can be no " + name + " beside " + found + ": two names must differ in more than case");
            }
            return row.getLong(1);
        }
    }

    /** Makes a collection that is not there. Inside a transaction, after whose commit to call {@link #committed}. */
    long create(Session session, CollectionName name) throws SQLException {
        try (ResultSet row =
                session.query("SELECT count(*) FROM sqlite_schema WHERE name = ? COLLATE NOCASE", name.table())) {
            if (row.next() && row.getLong(1) > 0) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        "the file has a table or index " + name.quotedTable()
                                + " that is not Core Stack's; give the store or collection another name");
            }
        }
        for (String statement : statements(name)) {
            session.run(statement);
        }
        try (ResultSet row = session.query(
                "SELECT id FROM corestack_collection WHERE store = ? AND name = ?", name.store(), name.collection())) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The statements that make a collection in a file that has our tables, each harmless where it is there. */
    static List<String> statements(CollectionName name) {
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + name.quotedTable()
                        + " (key NOT NULL PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL, longs TEXT,"
                        + " record TEXT)",
                "INSERT OR IGNORE INTO corestack_collection (store, name) VALUES ('" + name.store() + "', '"
                        + name.collection() + "')");
    }

    /** Remembers what is committed. */
    void committed(CollectionName name, long id) {
        committed.put(name, id);
    }

    /** The names of the stores that have collections. */
    static Set<String> stores(Session session) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (ResultSet row = session.query("SELECT DISTINCT store COLLATE BINARY FROM corestack_collection")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    /** The names of a store's collections. */
    static Set<String> names(Session session, String store) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (ResultSet row =
                session.query("SELECT name FROM corestack_collection WHERE store = ? COLLATE BINARY", store)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }
}
