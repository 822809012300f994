package org.corestack.table;

import org.corestack.document.Condition;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of an entry for a write of it to take place. Made by {@link Fields#ifVersion} and
 * {@link Fields#ifMatches}. Immutable.
 *
 * @param <E> the type of the entries
 */
@SuppressWarnings("UnusedTypeParameter") // E is which tables take it
public final class EntryCondition<E> {
    private final Condition plain;
    private final @Nullable EntryFilter<?> filter;

    private EntryCondition(Condition plain, @Nullable EntryFilter<?> filter) {
        this.plain = plain;
        this.filter = filter;
    }

    /** The condition that always holds. */
    public static <E> EntryCondition<E> none() {
        return new EntryCondition<>(Condition.none(), null);
    }

    static <E> EntryCondition<E> version(long version) {
        return new EntryCondition<>(Condition.ifVersion(version), null);
    }

    static <E> EntryCondition<E> matching(EntryFilter<? super E> filter) {
        return new EntryCondition<>(Condition.none(), filter);
    }

    /** The condition in the terms of documents. */
    Condition toCondition(FieldResolver fields) {
        return filter == null ? plain : Condition.matching(filter.toFilter(fields));
    }

    /** For people; without the filter's values, which may be secret. */
    @Override
    public String toString() {
        return "EntryCondition(" + (filter == null ? plain : filter) + ")";
    }
}
