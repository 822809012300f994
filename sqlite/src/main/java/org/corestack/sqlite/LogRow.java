package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Change.Operation;
import org.corestack.document.Key;
import org.jspecify.annotations.Nullable;

/**
 * A row of the log.
 *
 * @param seq its number, the version of what it tells of
 * @param collection the number of the collection
 * @param key which document
 * @param operation what happened to it
 * @param time when, in milliseconds since 1970, by the clock of the machine
 * @param source the client that did it
 * @param nonce random
 */
record LogRow(
        long seq,
        long collection,
        Key key,
        Operation operation,
        long time,
        @Nullable String source,
        long nonce) {
    /** The rows behind one, in order. */
    static List<LogRow> after(Session session, long seq, int most) throws SQLException {
        List<LogRow> rows = new ArrayList<>();
        try (ResultSet row = session.query(
                "SELECT l.seq, l.collection, l.key, l.op, l.time, s.name, l.nonce FROM corestack_log l"
                        + " LEFT JOIN corestack_source s ON s.id = l.source WHERE l.seq > ? ORDER BY l.seq LIMIT ?",
                seq,
                most)) {
            while (row.next()) {
                rows.add(new LogRow(
                        row.getLong(1),
                        row.getLong(2),
                        KeyColumn.fromColumn(row.getObject(3)),
                        LogOperation.ofCode(row.getInt(4)),
                        row.getLong(5),
                        row.getString(6),
                        row.getLong(7)));
            }
        }
        return rows;
    }
}
