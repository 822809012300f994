package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.jspecify.annotations.Nullable;

/**
 * What the file says about an index: a row of {@code corestack_index}.
 *
 * @param index the index
 */
record IndexRow(Index index) {
    private static final String ASCENDING = "$asc";
    private static final String DESCENDING = "$desc";
    private static final String COLUMNS = "name, terms, is_unique, is_sparse, expire";

    /** The indexes of a collection. */
    static List<Index> of(Session session, long collection) throws SQLException {
        try (ResultSet row = session.query(
                "SELECT " + COLUMNS + " FROM corestack_index WHERE collection = ? ORDER BY name", collection)) {
            List<Index> indexes = new ArrayList<>();
            while (row.next()) {
                indexes.add(read(row, 1));
            }
            return indexes;
        }
    }

    /** The index that stands in the columns of a row from one on. */
    static Index read(ResultSet row, int from) throws SQLException {
        long seconds = row.getLong(from + 4);
        Duration expire = row.wasNull() ? null : Duration.ofSeconds(seconds);
        return new Index(
                row.getString(from),
                terms(row.getString(from + 1)),
                row.getBoolean(from + 2),
                row.getBoolean(from + 3),
                expire);
    }

    /** The statement that adds it, harmless where it is there. A checked name holds no quotation mark. */
    String statement(CollectionName name) {
        return "INSERT OR IGNORE INTO corestack_index (collection, " + COLUMNS + ") SELECT id, '" + index.name()
                + "', '" + text(index.terms()) + "', " + (index.unique() ? 1 : 0) + ", " + (index.sparse() ? 1 : 0)
                + ", " + seconds() + " FROM corestack_collection WHERE store = '" + name.store() + "' AND name = '"
                + name.collection() + "'";
    }

    private @Nullable Long seconds() {
        Duration expire = index.expireAfter();
        return expire == null ? null : expire.toSeconds();
    }

    /** No name has a dollar sign, so that each of ours ends a path. */
    private static String text(List<Sort.Term> terms) {
        return terms.stream()
                .map(term -> String.join(".", term.path().names()) + (term.descending() ? DESCENDING : ASCENDING))
                .collect(Collectors.joining(","));
    }

    private static List<Sort.Term> terms(String text) {
        List<Sort.Term> terms = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('$', at);
            boolean descending = text.startsWith(DESCENDING, end);
            FieldPath path = new FieldPath(List.of(text.substring(at, end).split("\\.")));
            terms.add(new Sort.Term(path, descending));
            at = end + (descending ? DESCENDING : ASCENDING).length() + 1;
        }
        return terms;
    }
}
