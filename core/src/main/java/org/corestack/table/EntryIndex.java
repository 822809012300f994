package org.corestack.table;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * An index of a table, that serves equality, ranges and sorting on one field or several, the first ones first. Made by
 * {@link Fields#index} and {@link Fields#expiring}. Immutable.
 *
 * @param <E> the type of the entries
 */
public final class EntryIndex<E> {
    private final List<SortTerm> terms;
    private final boolean unique;
    private final boolean sparse;
    private final @Nullable Duration age;
    private final @Nullable String name;

    private EntryIndex(
            List<SortTerm> terms, boolean unique, boolean sparse, @Nullable Duration age, @Nullable String name) {
        this.terms = terms;
        this.unique = unique;
        this.sparse = sparse;
        this.age = age;
        this.name = name;
    }

    /** On one field, ascending. */
    static <E> EntryIndex<E> on(Field<?, ?> field, @Nullable Duration age) {
        return new EntryIndex<>(SortTerm.and(List.of(), field), false, false, age, null);
    }

    /**
     * This index with one more field, ascending.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryIndex<F> thenBy(Field<? super F, ?> field) {
        return new EntryIndex<>(SortTerm.and(terms, field), unique, sparse, age, name);
    }

    /** This index with the last field the other way round, which matters where several are sorted by together. */
    public EntryIndex<E> descending() {
        return new EntryIndex<>(SortTerm.turned(terms), unique, sparse, age, name);
    }

    /**
     * This index as one in which no two entries may have equal values; entries in which one of the fields is missing don't
     * count. A write that would break it is ALREADY_EXISTS.
     */
    public EntryIndex<E> unique() {
        return new EntryIndex<>(terms, true, sparse, age, name);
    }

    /** This index without the entries in which all its fields are missing, which then take no room in it. */
    public EntryIndex<E> sparse() {
        return new EntryIndex<>(terms, unique, true, age, name);
    }

    /**
     * This index under a name of its own; without one it is named after its fields.
     *
     * @param other a letter, then up to 47 letters, digits, underscores and hyphens; checked when the table uses it
     */
    public EntryIndex<E> named(String other) {
        return new EntryIndex<>(terms, unique, sparse, age, Arguments.notNull(other, "name"));
    }

    /** The index in the terms of documents; INVALID_ARGUMENT if it does not fit them. */
    Index toIndex(FieldResolver fields) {
        List<Sort.Term> resolved = new ArrayList<>();
        for (SortTerm term : terms) {
            resolved.add(new Sort.Term(fields.resolve(term.field()).path(), term.descending()));
        }
        Index index = Index.of(resolved);
        index = unique ? index.asUnique() : index;
        index = sparse ? index.asSparse() : index;
        index = name == null ? index : index.named(name);
        return age == null ? index : expiring(index, fields.resolve(terms.get(0).field()), age);
    }

    private static Index expiring(Index index, ResolvedField field, Duration age) {
        if (field.write(Instant.EPOCH) instanceof Instant) {
            return index.expiring(age);
        }
        throw CoreException.invalidArgument(
                "entries can't expire by the field " + field + ": its values are not kept as instants");
    }

    /** For people: the fields and what is special. */
    @Override
    public String toString() {
        return "EntryIndex(" + terms + (unique ? ", unique" : "") + (sparse ? ", sparse" : "")
                + (age == null ? "" : ", expiring after " + age) + ")";
    }
}
