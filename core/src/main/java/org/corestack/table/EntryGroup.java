package org.corestack.table;

import java.util.List;
import org.corestack.document.Aggregation;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * The figures over one group of entries, as {@link Table#aggregate} gives them. Thread-safe.
 *
 * @param <E> the type of the entries
 */
public final class EntryGroup<E> {
    private final FieldResolver fields;
    private final List<Field<?, ?>> by;
    private final List<EntryMeasure<?, ?>> measures;
    private final Aggregation.Group group;

    EntryGroup(FieldResolver fields, List<Field<?, ?>> by, List<EntryMeasure<?, ?>> measures, Aggregation.Group group) {
        this.fields = fields;
        this.by = by;
        this.measures = measures;
        this.group = group;
    }

    /**
     * The value of a field that the group's entries share; null (or an empty Optional) for those without the field.
     *
     * @param field one that was grouped by
     * @throws CoreException INVALID_ARGUMENT if it was not, UNSUPPORTED if the value does not fit the field's type
     */
    @SuppressWarnings("unchecked") // read as the type of the field, which is the one that was grouped by
    public <V> @Nullable V by(Field<? super E, V> field) {
        for (int i = 0; i < by.size(); i++) {
            if (by.get(i).steps().equals(Arguments.notNull(field, "field").steps())) {
                return (V) fields.resolve(field).read(group.by().get(i));
            }
        }
        throw CoreException.invalidArgument("the group was not made by " + field + ", but by " + by);
    }

    /**
     * A figure: counts are Long, sums Long, Double or BigDecimal as the numbers are, averages Double or BigDecimal. The
     * smallest, largest and average of no values are null.
     *
     * @param measure one that was asked for, or one made alike
     * @throws CoreException INVALID_ARGUMENT if it was not, UNSUPPORTED if the value does not fit the field's type
     */
    // Read as the type of the measure, which equals the one that was asked for; whether there can be null is in R.
    @SuppressWarnings({"unchecked", "NullAway"})
    public <R extends @Nullable Object> R get(EntryMeasure<? super E, R> measure) {
        int at = measures.indexOf(Arguments.notNull(measure, "measure"));
        if (at < 0) {
            throw CoreException.invalidArgument("the group has no " + measure + ", but " + measures);
        }
        return (R) measures.get(at).read(fields, group.values().get(at));
    }

    /** For people: what it was grouped by and the figures' names, without values, which may be secret. */
    @Override
    public String toString() {
        return "EntryGroup(" + measures + " by " + by + ")";
    }
}
