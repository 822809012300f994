package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Sort;

/**
 * What the store says about an index: a row of {@code _corestack_index}.
 *
 * @param index the index
 */
record IndexRow(Index index) {
    private static final String ASCENDING = "$asc";
    private static final String DESCENDING = "$desc";
    private static final String COLUMNS = "name, terms, is_unique, is_sparse, expire";

    /** The indexes of a collection. */
    static List<Index> of(Session session, CollectionName name) throws SQLException {
        return session.query(
                "SELECT " + COLUMNS + " FROM " + name.store().indexes() + " WHERE collection = ? ORDER BY name",
                List.of(name.collection()),
                rows -> {
                    List<Index> indexes = new ArrayList<>();
                    while (rows.next()) {
                        indexes.add(read(rows, 1));
                    }
                    return indexes;
                });
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

    /** The statement that adds it. */
    String statement(CollectionName name) {
        Duration expire = index.expireAfter();
        return "INSERT INTO " + name.store().indexes() + " (collection, " + COLUMNS + ") VALUES ("
                + Names.literal(name.collection()) + ", " + Names.literal(index.name()) + ", "
                + Names.literal(text(index.terms())) + ", " + index.unique() + ", " + index.sparse() + ", "
                + (expire == null ? "NULL" : String.valueOf(expire.toSeconds())) + ")";
    }

    /** No name has a dollar sign, so that each of ours ends a path. */
    private static String text(List<Sort.Term> terms) {
        StringBuilder text = new StringBuilder();
        for (Sort.Term term : terms) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(String.join(".", term.path().names()));
            text.append(term.descending() ? DESCENDING : ASCENDING);
        }
        return text.toString();
    }

    private static List<Sort.Term> terms(String text) {
        List<Sort.Term> terms = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int mark = text.indexOf('$', at);
            boolean descending = text.startsWith(DESCENDING, mark);
            List<String> names = List.of(text.substring(at, mark).split("\\.", -1));
            terms.add(new Sort.Term(new FieldPath(names), descending));
            at = mark + (descending ? DESCENDING : ASCENDING).length() + 1;
        }
        return terms;
    }
}
