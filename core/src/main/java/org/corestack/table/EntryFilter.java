package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Filter;

/**
 * Which entries of a table are meant. Made from {@link Field}s and {@link Items}; {@link Fields#all} means every one.
 * Immutable.
 *
 * @param <E> the type of the entries
 */
public final class EntryFilter<E> {
    private final FilterNode node;

    EntryFilter(FilterNode node) {
        this.node = node;
    }

    FilterNode node() {
        return node;
    }

    /**
     * The filter that means what both this one and another mean.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryFilter<F> and(EntryFilter<? super F> other) {
        List<FilterNode> parts = new ArrayList<>();
        for (FilterNode each : List.of(node, Arguments.notNull(other, "filter").node)) {
            parts.addAll(each instanceof FilterNode.And and ? and.parts() : List.of(each));
        }
        return new EntryFilter<>(new FilterNode.And(List.copyOf(parts)));
    }

    /**
     * The filter that means what this one or another means.
     *
     * @param <F> the type of the entries: the narrower of the two
     */
    public <F extends E> EntryFilter<F> or(EntryFilter<? super F> other) {
        List<FilterNode> parts = new ArrayList<>();
        for (FilterNode each : List.of(node, Arguments.notNull(other, "filter").node)) {
            parts.addAll(each instanceof FilterNode.Or or ? or.parts() : List.of(each));
        }
        return new EntryFilter<>(new FilterNode.Or(List.copyOf(parts)));
    }

    /** The filter that means all that this one does not mean: every entry is meant by exactly one of the two. */
    public EntryFilter<E> not() {
        return new EntryFilter<>(node instanceof FilterNode.Not not ? not.part() : new FilterNode.Not(node));
    }

    /** The filter in the terms of documents. */
    Filter toFilter(FieldResolver fields) {
        return node.toFilter(fields);
    }

    /** For people: the comparisons, without their values, which may be secret. */
    @Override
    public String toString() {
        return "EntryFilter(" + node + ")";
    }
}
