package org.corestack.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;

/** A filter as SQL. */
public final class FilterSql {
    private final List<SqlPart> conditions = new ArrayList<>();
    private final Set<FieldPath> fixed = new HashSet<>();

    /** The filter in the words of a dialect. */
    public FilterSql(SqlDialect dialect, Filter filter) {
        add(dialect, filter);
    }

    private void add(SqlDialect dialect, Filter filter) {
        if (filter instanceof Filter.And and) {
            and.parts().forEach(part -> add(dialect, part));
            return;
        }
        conditions.add(part(dialect, filter, 0));
        if (filter instanceof Filter.Compare compare && compare.operator() == Operator.EQ) {
            fixed.add(compare.path());
        }
    }

    private static SqlPart part(SqlDialect dialect, Filter filter, int level) {
        if (filter instanceof Filter.Compare compare) {
            return dialect.compare(compare.path(), compare.operator(), compare.value());
        }
        if (filter instanceof Filter.And and) {
            return SqlPart.all(parts(dialect, and.parts(), level));
        }
        if (filter instanceof Filter.Or or) {
            return SqlPart.any(parts(dialect, or.parts(), level));
        }
        if (filter instanceof Filter.Not not) {
            // And not NOT: what is neither true nor false is not meant by the part, and so is meant here.
            return part(dialect, not.part(), level).within("(", ") IS NOT TRUE");
        }
        if (filter instanceof Filter.In in) {
            return dialect.in(in.path(), in.values());
        }
        if (filter instanceof Filter.Exists exists) {
            return dialect.exists(exists.path());
        }
        if (filter instanceof Filter.Prefix prefix) {
            return dialect.prefix(prefix.path(), prefix.prefix());
        }
        Filter.Any any = (Filter.Any) filter;
        SqlDialect.Elements elements = dialect.elements(any.path(), level);
        return part(elements.dialect(), any.element(), level + 1).within(elements.before(), elements.after());
    }

    private static List<SqlPart> parts(SqlDialect dialect, List<Filter> filters, int level) {
        return filters.stream().map(filter -> part(dialect, filter, level)).toList();
    }

    /** What all must hold; none means every document. */
    List<SqlPart> conditions() {
        return conditions;
    }

    /** The predicate that means the filter. */
    public SqlPart condition() {
        return SqlPart.all(conditions);
    }

    /** The paths at which all documents that match have one and the same value. */
    Set<FieldPath> fixed() {
        return fixed;
    }
}
