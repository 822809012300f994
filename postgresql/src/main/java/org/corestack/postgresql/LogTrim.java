package org.corestack.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.corestack.store.spi.Deadline;

/**
 * Drops from a store's log what it need not keep any longer.
 *
 * <p>Rows carry the time of their statement, and may be committed long after. So what snapshots saw is marked now and
 * then, and only rows go that one saw which is old enough: every one of them has been visible for that long.
 */
final class LogTrim {
    private static final int ROWS_AT_ONCE = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Pool pool;
    private final StoreName store;
    private final Duration retention;
    private final Duration between;

    /**
     * A trim.
     *
     * @param retention how long a row is kept at least
     * @param between how long it is between two marks
     */
    LogTrim(Pool pool, StoreName store, Duration retention, Duration between) {
        this.pool = pool;
        this.store = store;
        this.retention = retention;
        this.between = between;
    }

    /** Marks, and drops what is old enough; nothing where another does so at present. */
    void run() {
        String doing = "trimming the log of " + store;
        pool.inOwnTransaction(Deadline.in(PATIENCE), doing, session -> {
            if (session.exists("SELECT 1 WHERE pg_try_advisory_xact_lock(?)", store.lock("trim"))) {
                mark(session);
            }
            return true;
        });
        long dropped = ROWS_AT_ONCE;
        while (dropped == ROWS_AT_ONCE) {
            dropped = pool.own(Deadline.in(PATIENCE), doing, this::drop);
        }
    }

    private long drop(Session session) throws SQLException {
        String images = Images.areThere(session, store)
                ? ", images AS (DELETE FROM " + store.images() + " i USING gone WHERE i.seq = gone.seq)"
                : "";
        return session.query(
                "WITH gone AS (DELETE FROM " + store.log() + " WHERE seq = ANY (ARRAY(SELECT seq FROM " + store.log()
                        + " WHERE xid < (SELECT floor FROM " + store.meta() + ") LIMIT " + ROWS_AT_ONCE
                        + ")) RETURNING seq)" + images + " SELECT count(*) FROM gone",
                List.of(),
                rows -> rows.next() ? rows.getLong(1) : 0L);
    }

    private void mark(Session session) throws SQLException {
        session.update(
                "INSERT INTO " + store.marks()
                        + " (oldest) SELECT pg_snapshot_xmin(pg_current_snapshot()) WHERE NOT EXISTS"
                        + " (SELECT 1 FROM " + store.marks()
                        + " WHERE at > clock_timestamp() - ? * interval '1 millisecond')",
                between.toMillis());
        String floor = session.first(
                        "SELECT oldest::text FROM " + store.marks()
                                + " WHERE at <= clock_timestamp() - ? * interval '1 millisecond'"
                                + " ORDER BY at DESC LIMIT 1",
                        List.of(retention.toMillis()),
                        row -> row.getString(1))
                .orElse("");
        if (!floor.isEmpty()) {
            // Right behind the last row that goes: whoever has read that is not too late, however long ago it was.
            session.update(
                    "UPDATE " + store.meta()
                            + " SET floor = next FROM (SELECT (xid::text::numeric + 1)::text::xid8 AS next"
                            + " FROM " + store.log() + " WHERE xid < ?::xid8 ORDER BY xid DESC LIMIT 1) l"
                            + " WHERE floor < next",
                    floor);
            session.update("DELETE FROM " + store.marks() + " WHERE oldest < ?::xid8", floor);
        }
    }
}
