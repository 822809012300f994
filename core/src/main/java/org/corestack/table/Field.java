package org.corestack.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.Filter.Operator;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * A field of a table's entries, from which filters, patches and sorts are made. Made by {@link Fields}; that of an entry's
 * key by {@link Table#key}.
 *
 * <p>Values go through the table's mapping, like the entries themselves. Immutable; what does not fit the table
 * shows when the table uses it, as INVALID_ARGUMENT.
 *
 * @param <E> the type of the entries
 * @param <V> the type of the field's values
 */
public final class Field<E, V> {
    private final List<PathStep> steps;

    Field(List<PathStep> steps) {
        this.steps = steps;
    }

    List<PathStep> steps() {
        return steps;
    }

    /**
     * A field of this field's value.
     *
     * @param accessor a method reference such as {@code Address::city}; it is not called
     * @throws CoreException INVALID_ARGUMENT as {@link Fields#field}
     */
    public <W> Field<E, W> dot(Accessor<V, W> accessor) {
        return new Field<>(longer(accessor));
    }

    /**
     * The items of a list within this field's value.
     *
     * @param accessor a method reference such as {@code Customer::phones}; it is not called
     * @throws CoreException INVALID_ARGUMENT as {@link Fields#field}
     */
    public <T> Items<E, T> items(Accessor<V, ? extends Collection<? extends T>> accessor) {
        return new Items<>(new Field<>(longer(accessor)));
    }

    private List<PathStep> longer(Accessor<V, ?> accessor) {
        List<PathStep> longer = new ArrayList<>(steps);
        longer.add(AccessorReader.read(Arguments.notNull(accessor, "accessor")));
        return List.copyOf(longer);
    }

    /** Means the entries whose field has the value; with null (or an empty Optional), those without the field. */
    public EntryFilter<E> eq(@Nullable V value) {
        return compare(Operator.EQ, value);
    }

    /** Means the entries that {@link #eq} does not: with a value those without the field too; with null those with one. */
    public EntryFilter<E> ne(@Nullable V value) {
        return eq(value).not();
    }

    /**
     * Means the entries whose field has one of the values; with none of them, no entry.
     *
     * @param values such as {@code List.of(Status.NEW, Status.PAID)}, at most 10,000; of nulls the entries without the
     *     field are meant too
     */
    public EntryFilter<E> in(Collection<? extends @Nullable V> values) {
        List<@Nullable Object> copy = new ArrayList<>(Arguments.notNull(values, "values"));
        return new EntryFilter<>(new FilterNode.In(this, Collections.unmodifiableList(copy)));
    }

    /**
     * Means the entries that have the field, be it as an explicit null, which tables don't write but other programs may.
     */
    public EntryFilter<E> exists() {
        return new EntryFilter<>(new FilterNode.Exists(this));
    }

    /**
     * Means the entries whose field is a text that begins with another; with an empty one, all texts.
     *
     * @param prefix of the field's type, which has to be String
     */
    public <P extends CharSequence & Comparable<? super V>> EntryFilter<E> startsWith(P prefix) {
        return new EntryFilter<>(new FilterNode.StartsWith(
                this, Arguments.notNull(prefix, "prefix").toString()));
    }

    /**
     * Means the entries whose field has a smaller value. For values whose order is lost in documents (enums,
     * durations, times with an offset or zone) this is refused when the table uses it.
     *
     * @param value of the field's type, which has to be comparable; not null
     */
    public EntryFilter<E> lt(Comparable<? super V> value) {
        return compare(Operator.LT, Arguments.notNull(value, "value"));
    }

    /** Means the entries whose field has a smaller or an equal value; see {@link #lt}. */
    public EntryFilter<E> lte(Comparable<? super V> value) {
        return compare(Operator.LTE, Arguments.notNull(value, "value"));
    }

    /** Means the entries whose field has a greater value; see {@link #lt}. */
    public EntryFilter<E> gt(Comparable<? super V> value) {
        return compare(Operator.GT, Arguments.notNull(value, "value"));
    }

    /** Means the entries whose field has a greater or an equal value; see {@link #lt}. */
    public EntryFilter<E> gte(Comparable<? super V> value) {
        return compare(Operator.GTE, Arguments.notNull(value, "value"));
    }

    private EntryFilter<E> compare(Operator operator, @Nullable Object value) {
        return new EntryFilter<>(new FilterNode.Compare(this, operator, value));
    }

    /** Sets the field; null (or an empty Optional) removes it. A document on the way that is missing is made. */
    public EntryPatch<E> set(@Nullable V value) {
        return new EntryPatch<>(new EntryPatch.Set(this, value));
    }

    /** Removes the field; nothing happens where it is missing. */
    public EntryPatch<E> unset() {
        return new EntryPatch<>(new EntryPatch.Set(this, null));
    }

    /**
     * Adds to the field, a missing one counting as zero. An {@code int} that overflows is stored as a {@code long},
     * which the entry's type then can't read: where that may happen the field should be a {@code long}.
     *
     * @param amount of the field's type, which has to be a number; negative to subtract
     */
    public <N extends Number & Comparable<? super V>> EntryPatch<E> increment(N amount) {
        return new EntryPatch<>(new EntryPatch.Increment(this, Arguments.notNull(amount, "amount")));
    }

    /**
     * Raises the field to a value where that is larger, or the field missing. For values whose order is lost in documents
     * this is refused, see {@link #lt}.
     *
     * @param value of the field's type, which has to be comparable; not null
     */
    public EntryPatch<E> max(Comparable<? super V> value) {
        return new EntryPatch<>(new EntryPatch.Max(this, Arguments.notNull(value, "value")));
    }

    /** The way to the field as it was given, such as {@code Order::address.Address::city}. */
    @Override
    public String toString() {
        return steps.stream().map(PathStep::toString).collect(Collectors.joining("."));
    }
}
