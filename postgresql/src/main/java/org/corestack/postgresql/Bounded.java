package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.corestack.sql.SqlPart;

/**
 * A query for documents that ends where they become too many bytes, however many rows it was asked for: the driver takes
 * the whole of what a statement gives into memory.
 *
 * <p>Some are left out by the size they have on the disk, which the server knows without reading them; of the others,
 * which may be much larger when they are read, some by that. The first is always there.
 */
final class Bounded {
    private Bounded() {}

    /**
     * The first rows of a query. Behind its columns comes how many rows it has by itself: where it gives fewer, more
     * follow.
     *
     * @param query in the order of its rows
     * @param columns how many columns it has
     * @param documents which of them, from 1 on, are a document's JSON or null
     * @param room how many bytes of documents there may be, but for the last row's
     */
    static SqlPart first(SqlPart query, int columns, Set<Integer> documents, long room) {
        String named = each(columns, i -> "c" + i);
        String reads = each(columns, i -> documents.contains(i) ? "c" + i + "::text AS c" + i : "c" + i);
        String packed = sum(documents, "pg_column_size");
        String size = sum(documents, "octet_length");
        List<Object> parameters = new ArrayList<>(query.parameters());
        parameters.add(room);
        parameters.add(room);
        String window = " WINDOW w AS (ROWS UNBOUNDED PRECEDING)";
        return new SqlPart(
                "SELECT " + named
                        + ", found FROM (SELECT *, sum(" + size + ") OVER w - (" + size + ") AS before FROM"
                        + " (SELECT " + reads + ", found FROM (SELECT *, count(*) OVER () AS found,"
                        + " sum(" + packed + ") OVER w - (" + packed + ") AS packed FROM (" + query.text()
                        + ") AS q (" + named + ")" + window + ") AS p WHERE packed < ? OFFSET 0) AS r" + window
                        + ") AS s WHERE before < ?",
                parameters);
    }

    private static String sum(Set<Integer> documents, String size) {
        return documents.stream()
                .sorted()
                .map(i -> "coalesce(" + size + "(c" + i + "), 0)")
                .collect(Collectors.joining(" + "));
    }

    private static String each(int columns, IntFunction<String> column) {
        return IntStream.rangeClosed(1, columns).mapToObj(column).collect(Collectors.joining(", "));
    }
}
