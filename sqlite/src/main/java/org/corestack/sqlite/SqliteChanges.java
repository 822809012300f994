package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.corestack.document.Position;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;

/** The feed of a store: the rows of the file's log that are of its collections. */
final class SqliteChanges implements ChangeSource {
    private final Database database;
    private final String store;

    SqliteChanges(Database database, String store) {
        this.database = database;
        this.store = store;
    }

    @Override
    public String name() {
        return "sqlite " + store;
    }

    @Override
    public Position now(Deadline deadline) {
        return database.reads()
                .readAtOnce(
                        deadline, "asking for the position of " + store, session -> now(session, database.fileId()));
    }

    /** The place behind the last row that the session sees. */
    static Position now(Session session, String fileId) throws SQLException {
        try (ResultSet row = session.query("SELECT seq, nonce FROM corestack_log ORDER BY seq DESC LIMIT 1")) {
            if (row.next()) {
                return new SqlitePosition(fileId, row.getLong(1), row.getLong(2)).toPosition();
            }
        }
        Floor floor = Floor.read(session);
        return new SqlitePosition(fileId, floor.seq(), floor.nonce()).toPosition();
    }

    @Override
    public Position at(Instant time, Deadline deadline) {
        return database.reads()
                .readAtOnce(deadline, "looking for the changes of " + store, session -> at(session, time));
    }

    /** The place before the first row of a time. Rows are in the order of their times, as far as the clock is. */
    private Position at(Session session, Instant time) throws SQLException {
        Floor floor = Floor.read(session);
        if (floor.seq() > 0 && time.toEpochMilli() <= floor.time()) {
            return new SqlitePosition(database.fileId(), 0, 0).toPosition(); // what was trimmed may be of the time
        }
        long first =
                session.number("SELECT coalesce(min(seq), 0) FROM corestack_log WHERE time >= " + time.toEpochMilli());
        if (first == 0) {
            return now(session, database.fileId());
        }
        try (ResultSet before =
                session.query("SELECT seq, nonce FROM corestack_log WHERE seq < ? ORDER BY seq DESC LIMIT 1", first)) {
            return before.next()
                    ? new SqlitePosition(database.fileId(), before.getLong(1), before.getLong(2)).toPosition()
                    : new SqlitePosition(database.fileId(), floor.seq(), floor.nonce()).toPosition();
        }
    }

    @Override
    public ChangeReader open(Position from) {
        return new SqliteChangeReader(database, store, from);
    }

    @Override
    public boolean covers(Position reached, Position position) {
        SqlitePosition to = SqlitePosition.parse(reached);
        SqlitePosition at = SqlitePosition.parse(position);
        return to != null
                && at != null
                && to.file().equals(database.fileId())
                && at.file().equals(database.fileId())
                && at.seq() <= to.seq();
    }
}
