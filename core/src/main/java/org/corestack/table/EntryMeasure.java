package org.corestack.table;

import java.util.List;
import java.util.Locale;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.Aggregation.Measure;
import org.jspecify.annotations.Nullable;

/**
 * One figure over the entries of a group. Made by {@link Fields#count}, {@link Fields#sum} and the others there. Immutable;
 * two that are made alike are equal.
 *
 * @param <E> the type of the entries
 * @param <R> the type of the figure
 */
@SuppressWarnings("UnusedTypeParameter") // R is what EntryGroup.get gives for it
public final class EntryMeasure<E, R extends @Nullable Object> {
    private final Kind kind;
    private final @Nullable Field<E, ?> field;

    EntryMeasure(Kind kind, @Nullable Field<E, ?> field) {
        this.kind = kind;
        this.field = field;
    }

    /** The measure in the terms of documents; INVALID_ARGUMENT if it does not fit them. */
    Measure toMeasure(FieldResolver fields) {
        return new Measure(kind, field == null ? null : resolved(fields, field).path());
    }

    private ResolvedField resolved(FieldResolver fields, Field<E, ?> of) {
        ResolvedField resolved = fields.resolve(of);
        return kind == Kind.MIN || kind == Kind.MAX ? resolved.ordered() : resolved;
    }

    /** The figure in the user's type. */
    @Nullable
    Object read(FieldResolver fields, @Nullable Object value) {
        return field != null && (kind == Kind.MIN || kind == Kind.MAX)
                ? fields.resolve(field).read(value)
                : value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryMeasure<?, ?> measure && kind == measure.kind && steps().equals(measure.steps());
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + steps().hashCode();
    }

    private List<PathStep> steps() {
        return field == null ? List.of() : field.steps();
    }

    /** Such as {@code sum(Order::parcels)}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "(" + (field == null ? "" : field) + ")";
    }
}
