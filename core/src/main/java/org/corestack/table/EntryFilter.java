package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.Filter;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a table are meant. Made from {@link Field}s; {@link Fields#all} means every one. Immutable.
 *
 * @param <E> the type of the entries
 */
public final class EntryFilter<E> {
    private final List<Clause> clauses;

    EntryFilter(List<Clause> clauses) {
        this.clauses = clauses;
    }

    /** One comparison, not yet in the terms of documents. */
    record Clause(
            Field<?, ?> field,
            Filter.Operator operator,
            @Nullable Object value) {}

    /**
     * The filter that means what both this one and another mean.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryFilter<F> and(EntryFilter<? super F> other) {
        List<Clause> both = new ArrayList<>(clauses);
        both.addAll(Arguments.notNull(other, "filter").clauses);
        return new EntryFilter<>(List.copyOf(both));
    }

    /** The filter in the terms of documents. */
    Filter toFilter(FieldResolver fields) {
        Filter filter = Filter.all();
        for (Clause clause : clauses) {
            ResolvedField field = fields.resolve(clause.field());
            if (clause.operator() != Filter.Operator.EQ) {
                field.checkOrdered();
            }
            filter = filter.and(Filter.compare(field.path(), clause.operator(), fields.valueOf(field, clause.value())));
        }
        return filter;
    }

    /** For people: the comparisons, without their values, which may be secret. */
    @Override
    public String toString() {
        return clauses.stream()
                .map(clause -> clause.field() + " " + clause.operator().symbol() + " …")
                .collect(Collectors.joining(" and ", "EntryFilter(", ")"));
    }
}
