package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.Patch;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * A change to some fields of an entry, applied as one. Made from {@link Field}s. Immutable.
 *
 * @param <E> the type of the entries
 */
public final class EntryPatch<E> {
    private final List<Step> steps;

    EntryPatch(List<Step> steps) {
        this.steps = steps;
    }

    /** One step, not yet in the terms of documents. */
    sealed interface Step {
        Field<?, ?> field();
    }

    /** Sets a field; null removes it. */
    record Set(Field<?, ?> field, @Nullable Object value) implements Step {}

    /** Adds to a field. */
    record Increment(Field<?, ?> field, Number amount) implements Step {}

    /**
     * The steps of both patches. That no two touch the same field is checked when the table uses it.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryPatch<F> and(EntryPatch<? super F> other) {
        List<Step> both = new ArrayList<>(steps);
        both.addAll(Arguments.notNull(other, "patch").steps);
        return new EntryPatch<>(List.copyOf(both));
    }

    /** The patch in the terms of documents. */
    Patch toPatch(FieldResolver fields) {
        List<Patch.Step> resolved = new ArrayList<>();
        for (Step step : steps) {
            ResolvedField field = fields.resolve(step.field());
            if (step instanceof Increment increment) {
                resolved.add(new Patch.Increment(field.path(), amount(fields, field, increment)));
            } else {
                Object value = fields.valueOf(field, ((Set) step).value());
                resolved.add(value == null ? new Patch.Unset(field.path()) : new Patch.Set(field.path(), value));
            }
        }
        return new Patch(resolved);
    }

    private static Number amount(FieldResolver fields, ResolvedField field, Increment increment) {
        if (fields.valueOf(field, increment.amount()) instanceof Number number) {
            return number;
        }
        throw CoreException.invalidArgument(
                "the field " + field + " can't be incremented: its values are not kept as numbers");
    }

    /** For people: the fields it touches, without values, which may be secret. */
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step.field().toString())
                .collect(Collectors.joining(", ", "EntryPatch(", ")"));
    }
}
