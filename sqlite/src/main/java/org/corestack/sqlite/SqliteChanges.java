package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
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
