package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Sort;

/** One field to sort by, not yet in the terms of documents. */
record SortTerm(Field<?, ?> field, boolean descending) {
    /** The terms and one more, ascending. */
    static List<SortTerm> and(List<SortTerm> terms, Field<?, ?> field) {
        List<SortTerm> more = new ArrayList<>(terms);
        more.add(new SortTerm(Arguments.notNull(field, "field"), false));
        return List.copyOf(more);
    }

    /** The terms, the last one the other way round. */
    static List<SortTerm> turned(List<SortTerm> terms) {
        List<SortTerm> turned = new ArrayList<>(terms);
        SortTerm last = turned.remove(turned.size() - 1);
        turned.add(new SortTerm(last.field, !last.descending));
        return List.copyOf(turned);
    }

    /** The terms in the terms of documents; INVALID_ARGUMENT if the order of one is not kept there. */
    static List<Sort.Term> ordered(List<SortTerm> terms, FieldResolver fields) {
        List<Sort.Term> ordered = new ArrayList<>();
        for (SortTerm term : terms) {
            ordered.add(new Sort.Term(fields.resolve(term.field).ordered().path(), term.descending));
        }
        return ordered;
    }

    @Override
    public String toString() {
        return field + (descending ? " descending" : "");
    }
}
