package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.corestack.sql.SqlPart;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a log that a snapshot did not see, by number, and what is seen now, in one statement: with two, a row
 * could be committed between them that is in neither.
 *
 * @param snapshot what the statement saw, of the numbers that last: up to the highest in the log
 * @param store the identifier of the log
 * @param written where the log was written: cluster, database and table
 * @param table the log's own number
 * @param timeline which one the server writes; empty on a standby
 * @param floor rows of transactions below it may have been trimmed
 * @param rows the first of them
 */
record LogQuery(
        PgSnapshot snapshot,
        String store,
        String written,
        String table,
        String timeline,
        long floor,
        List<LogRow> rows) {
    static final int MOST_ROWS = 500;
    private static final long FIRST_XID = 3;
    private static final int FIRST_COLUMN = 8;

    /**
     * Transactions that had not begun, or were running: an index serves both. The snapshot is out of the planner's sight, so
     * that one plan does for all, and is not made for each poll; and a range is taken for a small part of the log, where a
     * lower bound alone would be for a third.
     */
    private static final String UNSEEN = "((l.xid >= (SELECT pg_snapshot_xmax(?::pg_snapshot))"
            + " AND l.xid <= '18446744073709551615'::xid8)"
            + " OR l.xid = ANY (ARRAY(SELECT pg_snapshot_xip(?::pg_snapshot))))";

    /**
     * Runs it.
     *
     * @param last the rows that it saw are left out
     * @param within if given, only what it sees is taken
     * @param behind only rows of greater numbers; 0 for all
     */
    static LogQuery run(Session session, StoreName store, PgSnapshot last, @Nullable PgSnapshot within, long behind)
            throws SQLException {
        SqlPart statement = statement(store, last, within, behind);
        return session.query(statement.text(), statement.parameters(), rows -> read(rows, last));
    }

    /** The statement that {@link #run} runs. */
    static SqlPart statement(StoreName store, PgSnapshot last, @Nullable PgSnapshot within, long behind) {
        List<Object> parameters = new ArrayList<>();
        String text = last.toString();
        String from = store.log() + " l WHERE ";
        if (behind == 0) {
            // From the beginning of the log they would be looked for by number; "+ 0" keeps even min() from doing so.
            parameters.add(text);
            parameters.add(text);
            from += "l.seq >= (SELECT min(l.seq + 0) FROM " + store.log() + " l WHERE " + UNSEEN + ")";
        } else {
            parameters.add(behind);
            from += "l.seq > ?";
        }
        parameters.add(text);
        parameters.add(text);
        from += " AND " + UNSEEN;
        if (within != null) {
            parameters.add(within.toString());
            from += " AND pg_visible_in_snapshot(l.xid, (SELECT ?::pg_snapshot))";
        }
        // "OFFSET 0" has what is of the whole worked out once, and not for each row.
        String sql = "SELECT m.*, " + LogRow.COLUMNS
                + " FROM (SELECT pg_current_snapshot()::text, m.store, m.cluster, m.floor::text, " + highest(store)
                + ", " + Names.literal(store.log()) + "::regclass::oid::text, " + Backend.TIMELINE
                + " FROM " + store.meta() + " m OFFSET 0) m LEFT JOIN LATERAL (SELECT * FROM " + from
                + " ORDER BY l.seq LIMIT " + (MOST_ROWS + 1) + ") l ON true ORDER BY l.seq";
        return SqlPart.of(sql, parameters.toArray());
    }

    /** The expression for the highest number of a transaction in the log; the index gives it. */
    static String highest(StoreName store) {
        return "(SELECT h.xid::text FROM " + store.log() + " h ORDER BY h.xid DESC LIMIT 1)";
    }

    /** The first number that may be given again after a crash, as far as the log knows. */
    static long bound(@Nullable String highest, long floor) {
        return Math.max(FIRST_XID, Math.max(floor, highest == null ? 0 : Long.parseLong(highest) + 1));
    }

    private static LogQuery read(ResultSet rows, PgSnapshot last) throws SQLException {
        LogQuery query = null;
        while (rows.next()) {
            if (query == null) {
                long floor = Long.parseLong(rows.getString(4));
                long bound = Math.max(last.xmax(), bound(rows.getString(5), floor));
                query = new LogQuery(
                        PgSnapshot.parse(rows.getString(1)).before(bound),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(6),
                        rows.getString(7) == null ? "" : rows.getString(7),
                        floor,
                        new ArrayList<>());
            }
            if (rows.getObject(FIRST_COLUMN) != null) {
                query.rows.add(LogRow.read(rows, FIRST_COLUMN));
            }
        }
        return query == null ? empty(last) : query;
    }

    /** Of a store of which nothing says yet what it is. */
    private static LogQuery empty(PgSnapshot last) {
        return new LogQuery(last, PostgresPosition.NO_STORE, "", "", "", 0, List.of());
    }

    /** Whether the log's rows name transactions of a cluster, and this table of it is not one that was restored. */
    boolean isOf(String cluster) {
        return written.equals(cluster + "-" + table);
    }

    /** Whether the server behind the connection is still at a history: a pooler may have gone over to another. */
    boolean isAt(String history) {
        return written.isEmpty() || history.contains("-" + timeline + "-");
    }

    /** Whether there are more rows. */
    boolean isCut() {
        return rows.size() > MOST_ROWS;
    }
}
