package org.corestack.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.document.FindOptions;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;

/**
 * How a list of entries is given: in which order, how many are passed over and given at the most, and which fields of
 * them. Made by {@link Fields#sortBy}, {@link Fields#limit} or {@link #ofDefaults}. Immutable.
 *
 * @param <E> the type of the entries
 */
public final class EntryOptions<E> {
    private final List<SortTerm> terms;
    private final long skip;
    private final long limit;
    private final List<Field<?, ?>> only;

    private EntryOptions(List<SortTerm> terms, long skip, long limit, List<Field<?, ?>> only) {
        this.terms = terms;
        this.skip = skip;
        this.limit = limit;
        this.only = only;
    }

    /** All entries in the order of their keys. */
    public static <E> EntryOptions<E> ofDefaults() {
        return new EntryOptions<>(List.of(), 0, Long.MAX_VALUE, List.of());
    }

    /**
     * These options with one more field to sort by, ascending, where those before find no difference. A field that holds a
     * list, a map or a document is refused when the table uses the options.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryOptions<F> thenBy(Field<? super F, ?> field) {
        return new EntryOptions<>(SortTerm.and(terms, field), skip, limit, only);
    }

    /**
     * These options with the order by the last field turned round.
     *
     * @throws CoreException INVALID_ARGUMENT if they have no field to sort by
     */
    public EntryOptions<E> descending() {
        if (terms.isEmpty()) {
            throw CoreException.invalidArgument("descending() turns the order by a field; begin with sortBy(field)");
        }
        return new EntryOptions<>(SortTerm.turned(terms), skip, limit, only);
    }

    /**
     * These options with another limit.
     *
     * @param most the most entries to give
     * @throws CoreException INVALID_ARGUMENT if it is not positive
     */
    public EntryOptions<E> limit(long most) {
        FindOptions.ofDefaults().limit(most); // checks it
        return new EntryOptions<>(terms, skip, most, only);
    }

    /**
     * These options with another number of entries to pass over. It costs what reading them costs: to page through many,
     * ask for those behind the last one seen.
     *
     * @param first how many of the first entries are left out
     * @throws CoreException INVALID_ARGUMENT if it is negative
     */
    public EntryOptions<E> skip(long first) {
        FindOptions.ofDefaults().skip(first); // checks it
        return new EntryOptions<>(terms, first, limit, only);
    }

    /**
     * These options with only some fields: entries are read as if the others were missing, so that they are null, 0 or
     * false. A type that refuses that can't be read so (UNSUPPORTED). Such an entry is not whole: an update with it removes
     * what it does not show.
     *
     * @param fields such as {@code List.of(field(Order::status), field(Order::placed))}, at least one
     * @param <F> the type of the entries: the narrowest of all
     * @throws CoreException INVALID_ARGUMENT if there is none
     */
    public <F extends E> EntryOptions<F> only(Collection<? extends Field<? super F, ?>> fields) {
        List<Field<?, ?>> copy = Arguments.<Field<?, ?>>copy(fields, "fields");
        if (copy.isEmpty()) {
            throw CoreException.invalidArgument("only() needs a field; without it entries have all of theirs");
        }
        return new EntryOptions<>(terms, skip, limit, copy);
    }

    /** The options in the terms of documents. */
    FindOptions toFindOptions(FieldResolver fields) {
        List<FieldPath> paths = new ArrayList<>();
        for (Field<?, ?> field : only) {
            paths.add(fields.resolve(field).path());
            paths.addAll(fields.typePaths(field));
        }
        Sort sort = new Sort(SortTerm.ordered(terms, fields));
        return FindOptions.sortBy(sort).limit(limit).skip(skip).only(paths);
    }

    /** For people: the fields and the numbers. */
    @Override
    public String toString() {
        return "EntryOptions(" + terms + ", skip " + skip + ", limit " + limit + ", only " + only + ")";
    }
}
