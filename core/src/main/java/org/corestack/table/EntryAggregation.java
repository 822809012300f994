package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.FieldPath;

/**
 * Which figures are taken over the entries of a table, for all of them or for each group. Made by {@link Fields#measure}.
 * Immutable.
 *
 * <pre>{@code
 * for (EntryGroup<Order> group : orders.aggregate(
 *         all(), measure(count()).and(sum(field(Order::parcels))).by(field(Order::status)))) {
 *     System.out.println(group.by(field(Order::status)) + ": " + group.get(sum(field(Order::parcels))));
 * }
 * }</pre>
 *
 * @param <E> the type of the entries
 */
public final class EntryAggregation<E> {
    private final List<Field<?, ?>> by;
    private final List<EntryMeasure<?, ?>> measures;

    private EntryAggregation(List<Field<?, ?>> by, List<EntryMeasure<?, ?>> measures) {
        this.by = by;
        this.measures = measures;
    }

    static <E> EntryAggregation<E> of(EntryMeasure<E, ?> measure) {
        return new EntryAggregation<>(List.of(), List.of(Arguments.notNull(measure, "measure")));
    }

    /**
     * This aggregation with one more figure.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryAggregation<F> and(EntryMeasure<? super F, ?> measure) {
        List<EntryMeasure<?, ?>> more = new ArrayList<>(measures);
        more.add(Arguments.notNull(measure, "measure"));
        return new EntryAggregation<>(by, List.copyOf(more));
    }

    /**
     * This aggregation for each group of entries with equal values of a field, and of those named before; entries without
     * the field are a group too. For fields that hold lists or documents nothing is promised.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryAggregation<F> by(Field<? super F, ?> field) {
        List<Field<?, ?>> more = new ArrayList<>(by);
        more.add(Arguments.notNull(field, "field"));
        return new EntryAggregation<>(List.copyOf(more), measures);
    }

    /** The aggregation in the terms of documents; INVALID_ARGUMENT if it does not fit them. */
    Aggregation toAggregation(FieldResolver fields) {
        List<FieldPath> paths = new ArrayList<>();
        by.forEach(field -> paths.add(fields.resolve(field).path()));
        List<Measure> figures = new ArrayList<>();
        measures.forEach(measure -> figures.add(measure.toMeasure(fields)));
        return new Aggregation(paths, figures);
    }

    /** A group in the user's types. */
    <F> EntryGroup<F> read(FieldResolver fields, Aggregation.Group group) {
        return new EntryGroup<>(fields, by, measures, group);
    }

    /** For people: the figures and the fields. */
    @Override
    public String toString() {
        return "EntryAggregation(" + measures + " by " + by + ")";
    }
}
