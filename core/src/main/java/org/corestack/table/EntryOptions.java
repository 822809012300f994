package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.FindOptions;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;

/**
 * How a list of entries is given: in which order, and how many at the most. Made by {@link Fields#sortBy} or
 * {@link #ofDefaults}. Immutable.
 *
 * @param <E> the type of the entries
 */
public final class EntryOptions<E> {
    private final List<Term> terms;
    private final long limit;

    private EntryOptions(List<Term> terms, long limit) {
        this.terms = terms;
        this.limit = limit;
    }

    private record Term(Field<?, ?> field, boolean descending) {}

    /** All entries in the order of their keys. */
    public static <E> EntryOptions<E> ofDefaults() {
        return new EntryOptions<>(List.of(), Long.MAX_VALUE);
    }

    /**
     * These options with one more field to sort by, ascending, where those before find no difference.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryOptions<F> thenBy(Field<? super F, ?> field) {
        List<Term> more = new ArrayList<>(terms);
        more.add(new Term(Arguments.notNull(field, "field"), false));
        return new EntryOptions<>(List.copyOf(more), limit);
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
        List<Term> turned = new ArrayList<>(terms);
        Term last = turned.remove(turned.size() - 1);
        turned.add(new Term(last.field(), !last.descending()));
        return new EntryOptions<>(List.copyOf(turned), limit);
    }

    /**
     * These options with another limit.
     *
     * @param most the most entries to give
     * @throws CoreException INVALID_ARGUMENT if it is not positive
     */
    public EntryOptions<E> limit(long most) {
        FindOptions.ofDefaults().limit(most); // checks it
        return new EntryOptions<>(terms, most);
    }

    /** The options in the terms of documents. */
    FindOptions toFindOptions(FieldResolver fields) {
        List<Sort.Term> resolved = new ArrayList<>();
        for (Term term : terms) {
            ResolvedField field = fields.resolve(term.field());
            field.checkOrdered();
            resolved.add(new Sort.Term(field.path(), term.descending()));
        }
        return FindOptions.sortBy(new Sort(resolved)).limit(limit);
    }

    /** For people: the fields and the limit. */
    @Override
    public String toString() {
        return "EntryOptions(" + terms + ", limit " + limit + ")";
    }
}
