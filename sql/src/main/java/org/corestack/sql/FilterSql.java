package org.corestack.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;

/** A filter as SQL. */
final class FilterSql {
    private final SqlDialect dialect;
    private final List<SqlPart> conditions = new ArrayList<>();
    private final Set<FieldPath> fixed = new HashSet<>();

    FilterSql(SqlDialect dialect, Filter filter) {
        this.dialect = dialect;
        add(filter);
    }

    private void add(Filter filter) {
        if (filter instanceof Filter.And and) {
            and.parts().forEach(this::add);
        } else if (filter instanceof Filter.Compare compare) {
            conditions.add(dialect.compare(compare.path(), compare.operator(), compare.value()));
            if (compare.operator() == Operator.EQ) {
                fixed.add(compare.path());
            }
        }
    }

    /** What all must hold; none means every document. */
    List<SqlPart> conditions() {
        return conditions;
    }

    /** The paths at which all documents that match have one and the same value. */
    Set<FieldPath> fixed() {
        return fixed;
    }
}
