package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.List;
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
     * @param query in the order of its rows, its second column the document's JSON
     * @param columns how many columns it has
     * @param room how many bytes of documents there may be, but for the last one's
     */
    static SqlPart first(SqlPart query, int columns, long room) {
        List<String> names =
                IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.toCollection(ArrayList::new));
        String named = String.join(", ", names);
        names.set(1, "c1::text AS c1");
        String reads = String.join(", ", names);
        List<Object> parameters = new ArrayList<>(query.parameters());
        parameters.add(room);
        parameters.add(room);
        String window = " WINDOW w AS (ROWS UNBOUNDED PRECEDING)";
        return new SqlPart(
                "SELECT " + named
                        + ", found FROM (SELECT *, sum(octet_length(c1)) OVER w - octet_length(c1) AS before FROM"
                        + " (SELECT " + reads + ", found FROM (SELECT *, count(*) OVER () AS found,"
                        + " sum(pg_column_size(c1)) OVER w - pg_column_size(c1) AS packed FROM (" + query.text()
                        + ") AS q (" + named + ")" + window + ") AS p WHERE packed < ? OFFSET 0) AS r" + window
                        + ") AS s WHERE before < ?",
                parameters);
    }
}
