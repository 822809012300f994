package org.corestack.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * The order of a list of documents: by the values at paths, of the document or of its key, and by key where those are equal.
 *
 * <p>Within one class of type the order is by value (numbers across their types, strings by code point);
 * missing fields and nulls come together. How values of different classes stand to each other is total,
 * but the engine's own. Immutable.
 *
 * @param terms the most significant first; with none the order is by key
 */
public record Sort(List<Term> terms) {
    /**
     * Checks and copies.
     *
     * @throws CoreException INVALID_ARGUMENT if a path stands there twice, or is that of an element
     */
    public Sort {
        terms = List.copyOf(terms);
        if (terms.stream().map(Term::path).distinct().count() < terms.size()) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a sort names a field twice: " + terms);
        }
        terms.forEach(term -> term.path().notOfElement("a sort is by"));
    }

    /** The order by key. */
    public static Sort byKey() {
        return new Sort(List.of());
    }

    /** Ascending by the value at a path. */
    public static Sort ascending(FieldPath path) {
        return new Sort(List.of(new Term(path, false)));
    }

    /** Descending by the value at a path. */
    public static Sort descending(FieldPath path) {
        return new Sort(List.of(new Term(path, true)));
    }

    /**
     * This order, then another where this one finds no difference.
     *
     * @throws CoreException INVALID_ARGUMENT if a path stands in both
     */
    public Sort then(Sort other) {
        List<Term> all = new ArrayList<>(terms);
        all.addAll(other.terms);
        return new Sort(all);
    }

    /**
     * The order as a comparator, the meaning that engines follow. Consistent with this class's promises only: where it
     * puts values of different classes is no promise, and lists and documents are left to the key. By the whole key
     * records are ordered too, as {@link Key#compareTo} does.
     */
    public Comparator<StoredDocument> comparator() {
        return (left, right) -> {
            for (Term term : terms) {
                int sign = compare(term.path(), left, right);
                if (sign != 0) {
                    return term.descending() ? -sign : sign;
                }
            }
            return left.key().compareTo(right.key());
        };
    }

    private static int compare(FieldPath path, StoredDocument left, StoredDocument right) {
        return path.isWholeKey()
                ? Integer.signum(left.key().compareTo(right.key()))
                : Values.compareForSort(
                        path.read(left.key(), left.document()), path.read(right.key(), right.document()));
    }

    /**
     * One path to sort by.
     *
     * @param path where the value stands
     * @param descending whether the largest comes first
     */
    public record Term(FieldPath path, boolean descending) {}
}
