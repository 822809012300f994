package org.corestack.postgresql;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;

/** The feed of a store: its log. */
final class PostgresChanges implements ChangeSource {
    private final Database database;
    private final StoreName store;
    private final Schema schema;
    private final Milestones milestones = new Milestones();

    PostgresChanges(Database database, StoreName store, Schema schema) {
        this.database = database;
        this.store = store;
        this.schema = schema;
    }

    @Override
    public String name() {
        return "postgresql " + store;
    }

    @Override
    public Position now(Deadline deadline) {
        String doing = "asking for the position of " + store;
        try {
            return now(
                    deadline,
                    doing,
                    "(SELECT store FROM " + store.meta() + "), " + LogQuery.highest(store)
                            + ", (SELECT floor::text FROM " + store.meta() + ")");
        } catch (CoreException e) {
            if (PostgresErrors.isMissingTable(e)) {
                return now(deadline, doing, "NULL, NULL, '0'");
            }
            throw e;
        }
    }

    private Position now(Deadline deadline, String doing, String log) {
        return database.pool()
                .own(deadline, doing, session -> now(session, log))
                .toPosition();
    }

    private PostgresPosition now(Session session, String log) throws SQLException {
        session.forgetHistory(); // a pooler may have gone over to another server
        String history = session.history();
        return session.query("SELECT pg_current_snapshot()::text, " + log, List.of(), rows -> {
            rows.next();
            String found = rows.getString(2);
            String floor = rows.getString(4);
            long bound = LogQuery.bound(rows.getString(3), floor == null ? 0 : Long.parseLong(floor));
            PgSnapshot snapshot =
                    milestones.add(history, PgSnapshot.parse(rows.getString(1)).before(bound));
            return PostgresPosition.at(history, found == null ? PostgresPosition.NO_STORE : found, snapshot);
        });
    }

    @Override
    public Position at(Instant time, Deadline deadline) {
        try {
            return database.pool()
                    .read(deadline, "looking for the changes of " + store, session -> at(session, time))
                    .toPosition();
        } catch (CoreException e) {
            if (PostgresErrors.isMissingTable(e)) {
                return now(deadline);
            }
            throw e;
        }
    }

    /**
     * Before every transaction that wrote at the time or later, and before those that run still. Where as late as the time
     * rows were there that have been trimmed since, it is before the log.
     */
    private PostgresPosition at(Session session, Instant time) throws SQLException {
        String history = session.history();
        String since = "to_timestamp(? / 1000.0)";
        String sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, m.store, " + LogQuery.highest(store)
                + ", m.floor::text, (SELECT xid::text FROM " + store.log() + " WHERE at >= " + since
                + " ORDER BY xid LIMIT 1), m.floor > '0' AND " + since + " <= (SELECT min(at) FROM " + store.marks()
                + ") FROM " + store.meta() + " m";
        long millis = time.toEpochMilli() - 1; // a row's time is rounded when it is read
        return session.query(sql, List.of(millis, millis), rows -> {
            if (!rows.next()) { // nothing says yet what the store is
                return PostgresPosition.at(history, PostgresPosition.NO_STORE, PgSnapshot.below(1));
            }
            long bound = LogQuery.bound(rows.getString(3), Long.parseLong(rows.getString(4)));
            String found = rows.getString(5);
            long oldest = Long.parseLong(rows.getString(1));
            long first = found == null ? oldest : Math.min(oldest, Long.parseLong(found));
            PgSnapshot snapshot =
                    PgSnapshot.below(rows.getBoolean(6) ? 1 : first).before(bound);
            return PostgresPosition.at(history, rows.getString(2), snapshot);
        });
    }

    @Override
    public ChangeReader open(Position from) {
        return new PostgresChangeReader(database, store, schema, milestones, from);
    }

    @Override
    public boolean covers(Position reached, Position position) {
        PostgresPosition to = PostgresPosition.parse(reached);
        PostgresPosition at = PostgresPosition.parse(position);
        return to != null && at != null && to.covers(at);
    }
}
