package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** Drops what the log need not keep any longer, a little at a time. Used by who holds the writer's connection. */
final class LogTrim {
    private static final int ROWS_AT_ONCE = 1_000;
    private static final int SOURCES_KEPT = 100;
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final long AGAIN_NANOS = Duration.ofMillis(20).toNanos();

    private final Duration retention;
    private final long restNanos;
    private long due;

    LogTrim(Duration retention) {
        this.retention = retention;
        long tenth = retention.toMillis() / 10;
        this.restNanos =
                Duration.ofMillis(Math.max(50, Math.min(tenth, 60_000))).toNanos();
        this.due = System.nanoTime() + restNanos;
    }

    /** How long until there may be something to do. */
    long nanosUntilDue() {
        return Math.max(0, due - System.nanoTime());
    }

    /** Drops some rows, if it is time to, in a transaction of its own. */
    void trim(Session session) throws SQLException {
        if (nanosUntilDue() > 0) {
            return;
        }
        due = System.nanoTime() + restNanos;
        session.patience(() -> false);
        if (last(session) == null) {
            return;
        }
        session.patience(Patience.until(Deadline.in(PATIENCE)));
        try {
            session.run("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            session.forget();
            throw e;
        }
        try {
            Floor floor = last(session); // another process may have been here meanwhile
            if (floor != null) {
                session.update("DELETE FROM corestack_log WHERE seq <= ?", floor.seq());
                Images.trim(session, floor.seq());
                floor.write(session);
                dropSources(session);
            }
            session.run("COMMIT");
            due = System.nanoTime() + (floor == null ? restNanos : AGAIN_NANOS);
        } catch (SQLException e) {
            session.forget();
            session.run("ROLLBACK");
            throw e;
        }
    }

    /** The last of the oldest rows that can go, null if none can. */
    private @Nullable Floor last(Session session) throws SQLException {
        long before = System.currentTimeMillis() - retention.toMillis();
        Floor floor = null;
        try (ResultSet row =
                session.query("SELECT seq, nonce, time FROM corestack_log ORDER BY seq LIMIT ?", ROWS_AT_ONCE)) {
            while (row.next() && row.getLong(3) < before) {
                floor = new Floor(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
        return floor;
    }

    /** Each client that ever wrote has a row; where they become many, those that no row names go. */
    private static void dropSources(Session session) throws SQLException {
        if (session.number("SELECT count(*) FROM corestack_source") > SOURCES_KEPT) {
            session.update("DELETE FROM corestack_source WHERE id NOT IN (SELECT source FROM corestack_log)");
        }
    }
}
