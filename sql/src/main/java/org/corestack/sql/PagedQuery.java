package org.corestack.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Sort;

/**
 * A query that is read page by page, each page a statement of its own that continues behind the last row of
 * the page before. Immutable.
 *
 * <p>What comes behind a row is asked for in stages: first what equals it in all terms of the order and
 * has a larger key, then what equals it in all terms but the last and comes behind it there, and so on. Each
 * stage is a range of the index that serves the order; one condition for all of it would not be, and
 * sorting again what shares a value would make a long list cost the square of its length.
 */
public final class PagedQuery {
    private final String table;
    private final boolean comparesRows;
    private final List<SqlPart> conditions;
    private final List<List<Column>> terms = new ArrayList<>();
    private final String document;
    private final long skip;

    private record Column(String expression, boolean descending) {
        String order() {
            return descending ? expression + " DESC" : expression;
        }

        SqlPart compared(String operator, Object value) {
            return SqlPart.of(expression + " " + operator + " ?", value);
        }

        SqlPart behind(Object value) {
            return compared(descending ? "<" : ">", value);
        }

        SqlPart notBefore(Object value) {
            return compared(descending ? "<=" : ">=", value);
        }
    }

    /**
     * A query; the options' limit is for whoever asks for the pages.
     *
     * @param table the table's name, quoted
     */
    public PagedQuery(SqlDialect dialect, String table, Filter filter, FindOptions options) {
        this.table = table;
        this.comparesRows = dialect.comparesRows();
        this.document = dialect.projection(options.only());
        this.skip = options.skip();
        FilterSql sql = new FilterSql(dialect, filter);
        this.conditions = sql.conditions();
        for (Sort.Term term : options.sort().terms()) {
            if (term.path().isWholeKey()) { // nothing is equal in it, so that what follows decides nothing
                terms.add(List.of(new Column("key", term.descending())));
                return;
            }
            if (!sql.fixed().contains(term.path())) {
                terms.add(dialect.columns(term.path()).stream()
                        .map(expression -> new Column(expression, term.descending()))
                        .toList());
            }
        }
        terms.add(List.of(new Column("key", false)));
    }

    /** How many columns, the key among them, say where a row stands: the last ones of each row. */
    public int anchorSize() {
        return terms.stream().mapToInt(List::size).sum();
    }

    /** How many stages follow a row. */
    public int stages() {
        return terms.size();
    }

    /** The first page, behind the documents that are left out. */
    public SqlPart first(long limit) {
        SqlPart page = select(conditions, terms, limit);
        return skip == 0 ? page : SqlPart.join(" OFFSET ", List.of(page, SqlPart.of("?", skip)));
    }

    /**
     * The next page of a stage.
     *
     * @param anchor the last row's last {@link #anchorSize} columns
     * @param stage from 0, which is what equals the row in all but the key
     */
    public SqlPart next(List<Object> anchor, int stage, long limit) {
        int differing = terms.size() - 1 - stage;
        List<SqlPart> all = new ArrayList<>(conditions);
        int at = 0;
        for (List<Column> equal : terms.subList(0, differing)) {
            for (Column column : equal) {
                all.add(column.compared("=", anchor.get(at++)));
            }
        }
        List<Column> term = terms.get(differing);
        List<Object> values = anchor.subList(at, at + term.size());
        all.add(comparesRows ? rowBehind(term, values) : behind(term, values));
        return select(all, terms.subList(differing, terms.size()), limit);
    }

    private static SqlPart rowBehind(List<Column> columns, List<Object> values) {
        String row = columns.stream().map(Column::expression).collect(Collectors.joining(", ", "(", ")"));
        String marks = columns.stream().map(column -> "?").collect(Collectors.joining(", ", "(", ")"));
        return new SqlPart(row + (columns.get(0).descending() ? " < " : " > ") + marks, values);
    }

    private static SqlPart behind(List<Column> columns, List<Object> values) {
        SqlPart behind = null;
        for (int i = columns.size() - 1; i >= 0; i--) {
            Column column = columns.get(i);
            Object value = values.get(i);
            behind = behind == null ? column.behind(value) : behindOrEqual(column, value, behind);
        }
        return Objects.requireNonNull(behind);
    }

    private static SqlPart behindOrEqual(Column column, Object value, SqlPart then) {
        SqlPart either = SqlPart.join(" OR ", List.of(column.behind(value), then));
        return SqlPart.join(
                " AND ", List.of(column.notBefore(value), new SqlPart("(" + either.text() + ")", either.parameters())));
    }

    private SqlPart select(List<SqlPart> where, List<List<Column>> order, long limit) {
        StringBuilder text =
                new StringBuilder("SELECT version, ").append(document).append(", longs");
        terms.forEach(term -> term.forEach(column -> text.append(", ").append(column.expression())));
        text.append(" FROM ").append(table);
        SqlPart condition = SqlPart.all(where);
        if (!where.isEmpty()) {
            text.append(" WHERE ").append(condition.text());
        }
        text.append(" ORDER BY ")
                .append(String.join(
                        ", ",
                        order.stream().flatMap(List::stream).map(Column::order).toList()));
        List<Object> parameters = new ArrayList<>(condition.parameters());
        parameters.add(limit);
        return new SqlPart(text.append(" LIMIT ?").toString(), parameters);
    }

    /** The query without a limit or place, for {@code EXPLAIN}. */
    @Override
    public String toString() {
        return select(conditions, terms, Long.MAX_VALUE).text();
    }
}
