package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.sql.FilterSql;
import org.corestack.sql.SqlPart;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation as one statement: SQLite groups, counts and adds up integers, and functions of ours do what it would not
 * do exactly. Rows are read by {@link #read} and made groups of by {@link #groups}.
 */
final class AggregateQuery {
    private final Database database;
    private final CollectionName name;
    private final Aggregation aggregation;
    private final SqlPart query;
    private final int columns;

    AggregateQuery(Database database, CollectionName name, Filter filter, Aggregation aggregation) {
        this.database = database;
        this.name = name;
        this.aggregation = aggregation;
        List<String> selected = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        selected.add(aggregation.by().isEmpty() ? "NULL" : "longs");
        for (FieldPath path : aggregation.by()) {
            Operand operand = operand(path);
            selected.add(operand.json());
            groups.addAll(operand.groups());
        }
        aggregation.measures().forEach(measure -> selected.addAll(columns(measure)));
        this.columns = selected.size();
        this.query = new FilterSql(database.dialect(), filter)
                .condition()
                .within(
                        "SELECT " + String.join(", ", selected) + " FROM " + name.quotedTable() + " WHERE ",
                        groups.isEmpty() ? "" : " GROUP BY " + String.join(", ", groups));
    }

    private Operand operand(FieldPath path) {
        return Operand.of(path, database.dialect());
    }

    private List<String> columns(Measure measure) {
        if (measure.path() == null) {
            return List.of("count(*)");
        }
        Operand operand = operand(measure.path());
        if (isExtreme(measure)) {
            return List.of(ExtremeFunction.name(measure.kind() == Kind.MAX) + "(" + operand.value() + ", "
                    + operand.rest() + ", " + operand.json() + ", longs) FILTER (WHERE " + operand.scalar() + ")");
        }
        String integers = " FILTER (WHERE " + operand.integer() + ")";
        return List.of(
                "sum(" + operand.number() + " >> 32)" + integers,
                "sum(" + operand.number() + " & 4294967295)" + integers,
                "count(*)" + integers,
                SumFunction.NAME + "(" + operand.other() + ")");
    }

    private static boolean isExtreme(Measure measure) {
        return measure.kind() == Kind.MIN || measure.kind() == Kind.MAX;
    }

    /** The rows of the groups; empty where the collection is not there. */
    List<List<@Nullable Object>> read(Session session) throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        if (database.catalog().find(session, name) == null) {
            return rows;
        }
        session.needFunctions();
        try (ResultSet row = session.prepare(query.text(), query.parameters()).executeQuery()) {
            while (row.next()) {
                List<@Nullable Object> values = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    values.add(row.getObject(i));
                }
                rows.add(values);
            }
        }
        return rows;
    }

    /** What the rows say. */
    List<Group> groups(List<List<@Nullable Object>> rows) {
        if (rows.isEmpty()) {
            return aggregation.of(List.of());
        }
        return rows.stream().map(this::group).toList();
    }

    private Group group(List<@Nullable Object> row) {
        String longs = (String) row.get(0);
        List<@Nullable Object> by = new ArrayList<>();
        int at = 1;
        for (FieldPath path : aggregation.by()) {
            by.add(operand(path).decode((String) row.get(at++), longs, database.codec()));
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (Measure measure : aggregation.measures()) {
            int width = columns(measure).size();
            values.add(value(measure, row.subList(at, at + width)));
            at += width;
        }
        return new Group(by, values);
    }

    private @Nullable Object value(Measure measure, List<@Nullable Object> columns) {
        FieldPath path = measure.path();
        if (path == null) {
            return integer(columns.get(0));
        }
        if (isExtreme(measure)) {
            return extreme(path, (String) columns.get(0));
        }
        Sum sum = Sum.of(
                integer(columns.get(0)),
                integer(columns.get(1)),
                integer(columns.get(2)),
                String.valueOf(columns.get(3)));
        return measure.kind() == Kind.SUM ? sum.sum(path) : sum.average();
    }

    private @Nullable Object extreme(FieldPath path, @Nullable String text) {
        if (text == null) {
            return null;
        }
        int end = text.lastIndexOf('\n');
        String longs = text.substring(end + 1);
        return operand(path).decode(text.substring(0, end), longs.isEmpty() ? null : longs, database.codec());
    }

    /** SQLite's sum of nothing is NULL. The driver gives small integers as such. */
    private static long integer(@Nullable Object number) {
        return number == null ? 0 : ((Number) number).longValue();
    }
}
