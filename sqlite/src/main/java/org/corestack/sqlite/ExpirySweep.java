package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Index;
import org.corestack.sql.FilterSql;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Deadline;

/**
 * Deletes the documents that an index lets expire, a batch at a time. Used by who holds the writer's connection.
 *
 * <p>Any process that has the file open does it; the look whether there are any takes no lock, and who deletes holds the
 * file's and looks once more, so that none is deleted twice.
 */
final class ExpirySweep {
    private static final long SHORTEST_REST_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_REST_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long AGAIN_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int BATCH = 250;

    private long due = System.nanoTime();

    private record Expiring(long collection, CollectionName name, Index index) {
        SqlPart condition(Database database) {
            Instant until = Instant.now().minus(Objects.requireNonNull(index.expireAfter()));
            Filter old = Filter.compare(index.paths().get(0), Operator.LTE, until);
            return new FilterSql(database.dialect(), old).condition();
        }
    }

    /** How long until it is time to look again. */
    long nanosUntilDue() {
        return Math.max(0, due - System.nanoTime());
    }

    /** There may be another index. */
    void lookSoon() {
        due = System.nanoTime();
    }

    /** What there is to delete, if it is time to look: a batch for each index that has any. */
    List<WriteTask<Long>> due(Database database) {
        if (nanosUntilDue() > 0) {
            return List.of();
        }
        due = System.nanoTime() + LONGEST_REST_NANOS;
        List<WriteTask<Long>> tasks = database.reads()
                .read(Deadline.in(PATIENCE), "a look at what expires", session -> {
                    List<WriteTask<Long>> found = new ArrayList<>();
                    for (Expiring expiring : expiring(session)) {
                        long half = Objects.requireNonNull(expiring.index.expireAfter())
                                        .toNanos()
                                / 2;
                        long rest = Math.max(SHORTEST_REST_NANOS, Math.min(half, LONGEST_REST_NANOS));
                        due = Math.min(due, System.nanoTime() + rest);
                        if (!keys(session, database, expiring).isEmpty()) {
                            found.add(task(database, expiring));
                        }
                    }
                    return found;
                });
        tasks.forEach(WriteTask::claim);
        return tasks;
    }

    private static List<Expiring> expiring(Session session) throws SQLException {
        List<Expiring> all = new ArrayList<>();
        try (ResultSet row = session.query("SELECT c.id, c.store, c.name, i.name, i.terms, i.is_unique, i.is_sparse,"
                + " i.expire FROM corestack_index i JOIN corestack_collection c ON c.id = i.collection"
                + " WHERE i.expire IS NOT NULL")) {
            while (row.next()) {
                CollectionName name = new CollectionName(row.getString(2), row.getString(3));
                all.add(new Expiring(row.getLong(1), name, IndexRow.read(row, 4)));
            }
        }
        return all;
    }

    private static WriteTask<Long> task(Database database, Expiring expiring) {
        return new WriteTask<>("deleting what has expired in " + expiring.name, Deadline.in(PATIENCE), transaction -> {
            List<Object> keys = keys(transaction.session(), database, expiring);
            return keys.isEmpty()
                    ? 0
                    : Deletion.delete(
                            transaction, expiring.collection, expiring.name, expiring.condition(database), keys);
        });
    }

    private static List<Object> keys(Session session, Database database, Expiring expiring) throws SQLException {
        SqlPart query = expiring.condition(database)
                .within("SELECT key FROM " + expiring.name.quotedTable() + " WHERE ", " LIMIT " + BATCH);
        List<Object> keys = new ArrayList<>();
        try (ResultSet row = session.prepare(query.text(), query.parameters()).executeQuery()) {
            while (row.next()) {
                keys.add(row.getObject(1));
            }
        }
        return keys;
    }

    /** So many were deleted of one batch: where that was full there are more. */
    void done(long deleted) {
        if (deleted == BATCH) {
            due = System.nanoTime() + AGAIN_NANOS;
        }
    }
}
