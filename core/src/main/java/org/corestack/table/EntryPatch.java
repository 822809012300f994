package org.corestack.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.Patch;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * A change to some fields of an entry, applied as one. Made from {@link Field}s and {@link Items}. Immutable.
 *
 * @param <E> the type of the entries
 */
public final class EntryPatch<E> {
    private final List<Step> steps;

    EntryPatch(Step step) {
        this(List.of(step));
    }

    private EntryPatch(List<Step> steps) {
        this.steps = steps;
    }

    /** One step, not yet in the terms of documents. */
    sealed interface Step {
        Field<?, ?> field();

        /** The step in the terms of documents; INVALID_ARGUMENT if it does not fit them. */
        Patch.Step toStep(FieldResolver fields);
    }

    /** Sets a field; null removes it. */
    record Set(Field<?, ?> field, @Nullable Object value) implements Step {
        @Override
        public Patch.Step toStep(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field);
            Object kept = resolved.write(value);
            return kept == null ? new Patch.Unset(resolved.path()) : new Patch.Set(resolved.path(), kept);
        }
    }

    /** Adds to a field. */
    record Increment(Field<?, ?> field, Number amount) implements Step {
        @Override
        public Patch.Step toStep(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field);
            return new Patch.Increment(
                    resolved.path(), kept(resolved, amount, Number.class, "incremented", "as numbers"));
        }
    }

    /** Raises a field to a value. */
    record Max(Field<?, ?> field, Object value) implements Step {
        @Override
        public Patch.Step toStep(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field).ordered();
            return new Patch.Max(resolved.path(), kept(resolved, value, Object.class, "raised", "as values"));
        }
    }

    /** Sets the database's time. */
    record ServerTime(Field<?, ?> field) implements Step {
        @Override
        public Patch.Step toStep(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field);
            kept(resolved, Instant.EPOCH, Instant.class, "set to the database's time", "as instants");
            return new Patch.ServerTime(resolved.path());
        }
    }

    /** Raises a number, at least to the database's time. */
    record Advance(Field<?, ?> field) implements Step {
        @Override
        public Patch.Step toStep(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field);
            kept(resolved, 0L, Long.class, "advanced", "as 64 bit integers");
            return new Patch.Advance(resolved.path());
        }
    }

    /** Adds an item to a list. */
    record Append(Field<?, ?> field, Object item, boolean ifAbsent) implements Step {
        @Override
        public Patch.Step toStep(FieldResolver fields) {
            ResolvedField list = fields.resolve(field);
            return new Patch.Append(list.path(), keptItem(fields, list, item), ifAbsent);
        }
    }

    /** Removes items from a list. */
    record Remove(Field<?, ?> field, Object item) implements Step {
        @Override
        public Patch.Step toStep(FieldResolver fields) {
            ResolvedField list = fields.resolve(field);
            return new Patch.Remove(list.path(), keptItem(fields, list, item));
        }
    }

    private static <T> T kept(ResolvedField field, Object value, Class<T> wanted, String action, String form) {
        Object kept = field.write(value);
        if (wanted.isInstance(kept)) {
            return wanted.cast(kept);
        }
        throw CoreException.invalidArgument(
                "the field " + field + " can't be " + action + ": its values are not kept " + form);
    }

    private static Object keptItem(FieldResolver fields, ResolvedField list, Object item) {
        ResolvedField resolved = fields.ofItems(list).resolve(new Field<>(List.of(PathStep.From.ITEM)));
        return kept(resolved, item, Object.class, "added or removed", "as values");
    }

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
        return new Patch(steps.stream().map(step -> step.toStep(fields)).toList());
    }

    /** For people: the fields it touches, without values, which may be secret. */
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step.field().toString())
                .collect(Collectors.joining(", ", "EntryPatch(", ")"));
    }
}
