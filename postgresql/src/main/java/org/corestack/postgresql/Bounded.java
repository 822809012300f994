package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.corestack.sql.SqlPart;

/**
 * A query for documents that ends where they become too many bytes, however many rows it was asked for: the driver takes
 * the whole of what a statement gives into memory.
 *
 * <p>A document is measured unpacked, but for those that are large on the disk, of which it is supposed how well they are
 * packed: the server is not to unpack all that there may be for one page of them. The first is always there.
 */
final class Bounded {
    /** The most bytes on the disk of what is unpacked to be measured. */
    private static final int SMALL = 64 << 10;
    /** How many times as large larger ones are taken to be. One packed better is too large for many to be in a page. */
    private static final int PACKED = 8;

    private Bounded() {}

    /**
     * The first rows of a query. Behind its columns comes how many bytes the documents have up to that row.
     *
     * @param query in the order of its rows
     * @param columns how many columns it has
     * @param documents which of them, from 1 on, are a document's JSON or null
     * @param room how many bytes of documents there may be, but for the last row's
     */
    static SqlPart first(SqlPart query, int columns, Set<Integer> documents, long room) {
        String named = IntStream.rangeClosed(1, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String size = documents.stream().sorted().map(i -> size("c" + i)).collect(Collectors.joining(" + "));
        List<Object> parameters = new ArrayList<>(query.parameters());
        parameters.add(room);
        return new SqlPart(
                "SELECT " + named + ", total FROM (SELECT *, sum(size) OVER (ROWS UNBOUNDED PRECEDING) AS total FROM"
                        + " (SELECT *, " + size + " AS size FROM (" + query.text() + ") AS q (" + named
                        + ") OFFSET 0) AS r) AS s WHERE total - size < ?",
                parameters);
    }

    private static String size(String document) {
        String stored = "pg_column_size(" + document + ")";
        return "coalesce(CASE WHEN " + stored + " > " + SMALL + " THEN " + PACKED + " * " + stored
                + " ELSE pg_column_size(" + document + " || '{}') END, 0)";
    }

    /** How many bytes the documents have up to a row that has so many columns. */
    static long total(ResultSet row, int columns) throws SQLException {
        return row.getLong(columns + 1);
    }
}
