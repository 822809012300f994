package org.corestack.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Index;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Deadline;

/**
 * Deletes what has expired in a store, by the server's clock. Whichever replica comes first does it: who has the lock,
 * and the others not meanwhile.
 */
final class ExpirySweep {
    private static final int BATCH = 250;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Pool pool;
    private final PostgresDialect dialect;
    private final String source;
    private final StoreName store;

    private record Expiring(CollectionName name, Index index) {
        SqlPart condition(PostgresDialect dialect, Instant now) {
            Duration age = Objects.requireNonNull(index.expireAfter());
            return dialect.compare(index.paths().get(0), Operator.LTE, now.minus(age));
        }
    }

    ExpirySweep(Pool pool, PostgresDialect dialect, String source, StoreName store) {
        this.pool = pool;
        this.dialect = dialect;
        this.source = source;
        this.store = store;
    }

    /** Whether there was something. */
    boolean run() {
        String doing = "deleting what has expired in " + store;
        List<Expiring> expiring = pool.own(Deadline.in(PATIENCE), doing, this::expiring);
        boolean any = false;
        for (Expiring one : expiring) {
            long deleted = BATCH;
            while (deleted == BATCH) {
                deleted = pool.inOwnTransaction(Deadline.in(PATIENCE), doing, session -> delete(session, one));
                any |= deleted > 0;
            }
        }
        return any;
    }

    private List<Expiring> expiring(Session session) throws SQLException {
        return session.query(
                "SELECT collection, name, terms, is_unique, is_sparse, expire FROM " + store.indexes()
                        + " WHERE expire IS NOT NULL",
                List.of(),
                rows -> {
                    List<Expiring> all = new ArrayList<>();
                    while (rows.next()) {
                        all.add(new Expiring(new CollectionName(store, rows.getString(1)), IndexRow.read(rows, 2)));
                    }
                    return all;
                });
    }

    private long delete(Session session, Expiring one) throws SQLException {
        if (!session.exists("SELECT 1 WHERE pg_try_advisory_xact_lock(?)", store.lock("expiry"))) {
            return 0;
        }
        Instant now = Instant.ofEpochMilli(session.query(
                "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
                List.of(),
                rows -> rows.next() ? rows.getLong(1) : 0L));
        SqlPart condition = one.condition(dialect, now);
        List<byte[]> keys = Deletion.keys(session, one.name, condition, BATCH);
        return keys.isEmpty() ? 0 : Deletion.delete(session, one.name, source, condition, keys);
    }
}
