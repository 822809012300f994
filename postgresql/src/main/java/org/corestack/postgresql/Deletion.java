package org.corestack.postgresql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.corestack.document.Change.Operation;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.sql.FilterSql;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what a filter means: looks for the keys as a read, in their order, and deletes them in small batches between
 * which others write. Each document is judged once more when it is deleted, and gets its row in the log.
 */
final class Deletion {
    private static final int KEYS_AT_ONCE = 10_000;
    private static final int BATCH = 250;

    private final Access access;
    private final CollectionName name;
    private final String source;
    private final SqlPart condition;
    private final String doing;

    Deletion(Database database, Access access, CollectionName name, Filter filter) {
        this.access = access;
        this.name = name;
        this.source = database.source();
        this.condition = new FilterSql(database.dialect(name.store()), filter).condition();
        this.doing = "deleting from " + name;
    }

    long run(Deadline deadline) {
        long deleted = 0;
        List<byte[]> keys = access.read(deadline, doing, session -> keys(session, null));
        while (!keys.isEmpty()) {
            for (int at = 0; at < keys.size(); at += BATCH) {
                List<byte[]> batch = keys.subList(at, Math.min(keys.size(), at + BATCH));
                deadline.check(doing);
                long some =
                        access.write(deadline, doing, true, session -> delete(session, name, source, condition, batch));
                if (some > 0) {
                    access.written(name.store());
                }
                deleted += some;
            }
            byte[] last = keys.get(keys.size() - 1);
            keys = keys.size() < KEYS_AT_ONCE
                    ? List.of()
                    : access.read(deadline, doing, session -> keys(session, last));
        }
        return deleted;
    }

    private List<byte[]> keys(Session session, byte @Nullable [] behind) throws SQLException {
        SqlPart where = behind == null
                ? condition
                : SqlPart.join(" AND ", List.of(SqlPart.of("key > ?", (Object) behind), condition));
        return keys(session, name, where, KEYS_AT_ONCE);
    }

    /** The first keys of what a condition means. */
    static List<byte[]> keys(Session session, CollectionName name, SqlPart condition, int most) throws SQLException {
        SqlPart query = condition.within("SELECT key FROM " + name.table() + " WHERE ", " ORDER BY key LIMIT " + most);
        return session.query(query.text(), query.parameters(), rows -> {
            List<byte[]> keys = new ArrayList<>();
            while (rows.next()) {
                keys.add(rows.getBytes(1));
            }
            return keys;
        });
    }

    /** Deletes those of some keys that a condition still means; how many. The locks are taken in one order by all. */
    static long delete(Session session, CollectionName name, String source, SqlPart condition, List<byte[]> keys)
            throws SQLException {
        Long[] locks =
                keys.stream().map(key -> name.lock(Key.fromBytes(key))).sorted().toArray(Long[]::new);
        List<Object> parameters = new ArrayList<>();
        parameters.add(locks);
        parameters.add(keys.toArray(new byte[0][]));
        parameters.addAll(condition.parameters());
        parameters.addAll(Arrays.asList(name.collection(), source));
        return session.query(
                "WITH held AS MATERIALIZED (SELECT count(pg_advisory_xact_lock(number)) AS locks"
                        + " FROM unnest(?) AS number), gone AS (DELETE FROM " + name.table()
                        + " USING held WHERE locks > 0 AND key = ANY (?) AND " + condition.text() + " RETURNING key, "
                        + name.store().nextSeq() + " AS version), logged AS (INSERT INTO "
                        + name.store().log()
                        + " (seq, collection, key, op, source) SELECT version, ?, key, "
                        + LogRow.code(Operation.DELETE) + ", ? FROM gone RETURNING 1) SELECT count(*) FROM logged",
                parameters,
                rows -> rows.next() ? rows.getLong(1) : 0L);
    }
}
