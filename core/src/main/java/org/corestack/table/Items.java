package org.corestack.table;

import java.util.List;
import java.util.function.Function;
import org.corestack.document.Filter.Operator;

/**
 * The items of a list of a table's entries, from which filters and patches are made. Made by {@link Fields#items}.
 *
 * <p>Items go through the table's mapping, like the entries themselves. Immutable; what does not fit the table shows when
 * the table uses it, as INVALID_ARGUMENT.
 *
 * @param <E> the type of the entries
 * @param <T> the type of the items
 */
public final class Items<E, T> {
    private final Field<E, ?> list;

    Items(Field<E, ?> list) {
        this.list = list;
    }

    /**
     * Means the entries with an item that a filter means: {@code items(Order::lines).any(field(Line::sku).eq("X"))}. All
     * of the filter has to hold of one and the same item. Without the list, or with an empty one, no entry is meant.
     *
     * @param item a filter of items; it can't speak of the entry's key
     */
    public EntryFilter<E> any(EntryFilter<? super T> item) {
        return new EntryFilter<>(
                new FilterNode.AnyItem(list, Arguments.notNull(item, "item").node()));
    }

    /**
     * Means the entries with an item that a filter means, made of the item itself, so that items that are no objects can be
     * spoken of: {@code items(Order::tags).any(tag -> tag.startsWith("x"))}.
     *
     * @param item makes the filter of a field that stands for the item; called at once
     */
    public EntryFilter<E> any(Function<Field<T, T>, EntryFilter<? super T>> item) {
        return any(Arguments.notNull(item, "item").apply(self()));
    }

    /** Means the entries with an item that equals a value, which can't be kept as a list or document. */
    public EntryFilter<E> contains(T value) {
        return any(new EntryFilter<T>(new FilterNode.Compare(self(), Operator.EQ, Arguments.notNull(value, "value"))));
    }

    private Field<T, T> self() {
        return new Field<>(List.of(PathStep.From.ITEM));
    }

    /** Adds an item at the end of the list; a list that is missing is made. */
    public EntryPatch<E> append(T item) {
        return new EntryPatch<>(new EntryPatch.Append(list, Arguments.notNull(item, "item"), false));
    }

    /**
     * Adds an item at the end of the list unless one equals it; a list that is missing is made.
     *
     * @param item what can't be kept as a list or document
     */
    public EntryPatch<E> appendIfAbsent(T item) {
        return new EntryPatch<>(new EntryPatch.Append(list, Arguments.notNull(item, "item"), true));
    }

    /**
     * Removes each item that equals a value.
     *
     * @param item what can't be kept as a list or document
     */
    public EntryPatch<E> remove(T item) {
        return new EntryPatch<>(new EntryPatch.Remove(list, Arguments.notNull(item, "item")));
    }

    /** The way to the list as it was given. */
    @Override
    public String toString() {
        return list.toString();
    }
}
