package org.corestack.postgresql;

import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.sql.FilterSql;
import org.corestack.sql.SqlPart;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation as one statement: PostgreSQL groups, counts, compares, and adds up integers. Doubles and decimals come
 * as texts and are added up here: PostgreSQL would add the decimal forms of doubles, or round on the way.
 */
final class AggregateQuery {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);

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
        selected.add(aggregation.by().isEmpty() ? "NULL::text" : first("longs", ""));
        for (FieldPath path : aggregation.by()) {
            Operand operand = operand(path);
            selected.add(first(operand.json(), ""));
            groups.addAll(operand.groups());
        }
        aggregation.measures().forEach(measure -> selected.addAll(columns(measure)));
        this.columns = selected.size();
        this.query = new FilterSql(database.dialect(name.store()), filter)
                .condition()
                .within(
                        "SELECT " + String.join(", ", selected) + " FROM " + name.table() + " WHERE ",
                        groups.isEmpty() ? "" : " GROUP BY " + String.join(", ", groups));
    }

    private static String first(String expression, String order) {
        return "(array_agg(" + expression + order + "))[1]";
    }

    private Operand operand(FieldPath path) {
        return Operand.of(path, database.dialect(name.store()));
    }

    private List<String> columns(Measure measure) {
        if (measure.path() == null) {
            return List.of("count(*)");
        }
        Operand operand = operand(measure.path());
        if (isExtreme(measure)) {
            String direction = measure.kind() == Kind.MAX ? " DESC" : "";
            String order = " ORDER BY " + String.join(direction + ", ", operand.groups()) + direction;
            return List.of("(array_agg(" + operand.json() + " || chr(10) || coalesce(longs, '')" + order
                    + ") FILTER (WHERE " + operand.scalar() + "))[1]");
        }
        String integers = " FILTER (WHERE " + operand.integer() + ")";
        return List.of(
                "coalesce(sum(" + operand.number() + ")" + integers + ", 0)::text",
                "count(*)" + integers,
                "coalesce(sum(" + operand.decimal() + "), 0)::text",
                "count(" + operand.decimal() + ")",
                // These are added up exactly by the client: as a numeric a double is what its digits say, not what it
                // is.
                "coalesce(string_agg(" + operand.floating() + ", ' '), '')");
    }

    private static boolean isExtreme(Measure measure) {
        return measure.kind() == Kind.MIN || measure.kind() == Kind.MAX;
    }

    /** The rows of the groups. */
    List<List<@Nullable Object>> read(Session session) throws SQLException {
        return session.query(query.text(), query.parameters(), rows -> {
            List<List<@Nullable Object>> all = new ArrayList<>();
            while (rows.next()) {
                List<@Nullable Object> values = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    values.add(rows.getObject(i));
                }
                all.add(values);
            }
            return all;
        });
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

    private @Nullable Object value(Measure measure, List<@Nullable Object> row) {
        FieldPath path = measure.path();
        if (path == null) {
            return row.get(0);
        }
        if (isExtreme(measure)) {
            return extreme(path, (String) row.get(0));
        }
        BigDecimal total = new BigDecimal(String.valueOf(row.get(0))).add(new BigDecimal(String.valueOf(row.get(2))));
        long decimals = count(row.get(3));
        long count = count(row.get(1)) + decimals;
        boolean inexact = false;
        for (String floating : String.valueOf(row.get(4)).split(" ", -1)) {
            if (!floating.isEmpty()) {
                total = total.add(new BigDecimal(Double.parseDouble(floating)));
                inexact = true;
                count++;
            }
        }
        boolean decimal = decimals > 0;
        return measure.kind() == Kind.SUM ? sum(path, total, decimal, inexact) : average(total, count, decimal);
    }

    private static long count(@Nullable Object column) {
        return ((Number) Objects.requireNonNull(column)).longValue();
    }

    private static Number sum(FieldPath path, BigDecimal total, boolean decimal, boolean inexact) {
        if (decimal) {
            return total.round(MathContext.DECIMAL128);
        }
        if (inexact) {
            return total.doubleValue();
        }
        if (total.compareTo(MOST) > 0 || total.compareTo(LEAST) < 0) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "the sum of the integers at " + path + " overflows 64 bits");
        }
        return total.longValue();
    }

    private static @Nullable Number average(BigDecimal total, long count, boolean decimal) {
        if (count == 0) {
            return null;
        }
        BigDecimal average = total.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128);
        return decimal ? (Number) average : (Number) average.doubleValue();
    }

    private @Nullable Object extreme(FieldPath path, @Nullable String text) {
        if (text == null) {
            return null;
        }
        int end = text.lastIndexOf('\n');
        String longs = text.substring(end + 1);
        return operand(path).decode(text.substring(0, end), longs.isEmpty() ? null : longs, database.codec());
    }
}
