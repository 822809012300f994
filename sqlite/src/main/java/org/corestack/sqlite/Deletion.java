package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Filter;
import org.corestack.sql.FilterSql;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what a filter means: looks for the keys as a read, in their order, and deletes them in small batches between
 * which others write. Each document is judged once more when it is deleted, and gets its row in the log.
 */
final class Deletion {
    /** How many are looked for at once: a sort of them, at the worst, and a megabyte or ten of keys. */
    static final int KEYS_AT_ONCE = 10_000;

    static final int BATCH = 250;

    private final Database database;
    private final Access access;
    private final CollectionName name;
    private final SqlPart condition;
    private final String doing;

    Deletion(Database database, Access access, CollectionName name, Filter filter) {
        this.database = database;
        this.access = access;
        this.name = name;
        this.condition = new FilterSql(database.dialect(), filter).condition();
        this.doing = "deleting from " + name;
    }

    long run(Deadline deadline) {
        long deleted = 0;
        List<Object> keys = access.read(deadline, doing, session -> keys(session, null));
        while (!keys.isEmpty()) {
            for (int at = 0; at < keys.size(); at += BATCH) {
                List<Object> batch = keys.subList(at, Math.min(keys.size(), at + BATCH));
                deadline.check(doing);
                deleted += access.write(deadline, doing, transaction -> delete(transaction, batch));
            }
            Object last = keys.get(keys.size() - 1);
            keys = keys.size() < KEYS_AT_ONCE
                    ? List.of()
                    : access.read(deadline, doing, session -> keys(session, last));
        }
        return deleted;
    }

    private List<Object> keys(Session session, @Nullable Object behind) throws SQLException {
        List<Object> keys = new ArrayList<>();
        if (database.catalog().find(session, name) == null) {
            return keys;
        }
        SqlPart where =
                behind == null ? condition : SqlPart.join(" AND ", List.of(SqlPart.of("key > ?", behind), condition));
        SqlPart query = where.within(
                "SELECT key FROM " + name.quotedTable() + " WHERE ", " ORDER BY key LIMIT " + KEYS_AT_ONCE);
        try (ResultSet row = session.prepare(query.text(), query.parameters()).executeQuery()) {
            while (row.next()) {
                keys.add(row.getObject(1));
            }
        }
        return keys;
    }

    private long delete(Transaction transaction, List<Object> keys) throws SQLException {
        Long collection = transaction.collection(name);
        return collection == null ? 0 : delete(transaction, collection, name, condition, keys);
    }

    /** Deletes those of some keys, at least one, that a condition still means; how many. */
    static long delete(
            Transaction transaction, long collection, CollectionName name, SqlPart condition, List<Object> keys)
            throws SQLException {
        SqlPart query = statement(name, condition, keys);
        List<Object> deleted = new ArrayList<>();
        try (ResultSet row =
                transaction.session().prepare(query.text(), query.parameters()).executeQuery()) {
            while (row.next()) {
                deleted.add(row.getObject(1));
            }
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        for (Object key : deleted) {
            transaction.log(collection, key, LogOperation.DELETE, now);
        }
        if (!deleted.isEmpty()) { // behind the log, where the images of what goes find their place
            SqlPart delete = these(deleted).within("DELETE FROM " + name.quotedTable() + " WHERE ", "");
            transaction.session().update(delete.text(), delete.parameters().toArray());
        }
        return deleted.size();
    }

    /** The statement that gives those of some keys that a condition means. */
    static SqlPart statement(CollectionName name, SqlPart condition, List<Object> keys) {
        // So that the keys are searched for, and not all that an index of the condition's has.
        SqlPart still = condition.within("(", ") IS TRUE");
        return SqlPart.join(" AND ", List.of(these(keys), still))
                .within("SELECT key FROM " + name.quotedTable() + " WHERE ", "");
    }

    private static SqlPart these(List<Object> keys) {
        return SqlPart.of("key IN (?" + ", ?".repeat(keys.size() - 1) + ")", keys.toArray());
    }
}
