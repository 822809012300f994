package org.corestack.document;

import java.util.ArrayList;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * How a list of documents is given: in which order, how many are passed over and given at the most, and which fields of
 * them. Immutable.
 *
 * @param sort the order
 * @param skip how many of the first documents are left out
 * @param limit the most documents to give, {@link Long#MAX_VALUE} for all
 * @param only the fields that are given; with none, whole documents
 */
public record FindOptions(Sort sort, long skip, long limit, List<FieldPath> only) {
    /**
     * Checks; leaves out paths within others.
     *
     * @throws CoreException INVALID_ARGUMENT if the limit is not positive, the skip negative, or a field one of the key
     */
    public FindOptions {
        if (limit <= 0) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the limit is " + limit + "; it must be positive");
        }
        if (skip < 0) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the skip is " + skip + "; it can't be negative");
        }
        only = outermost(only);
    }

    private static List<FieldPath> outermost(List<FieldPath> paths) {
        List<FieldPath> kept = new ArrayList<>();
        for (FieldPath path : paths) {
            path.ofDocument("a projection");
            boolean within = kept.stream()
                    .anyMatch(other -> other.overlaps(path)
                            && other.names().size() <= path.names().size());
            if (!within) {
                kept.removeIf(path::overlaps);
                kept.add(path);
            }
        }
        return List.copyOf(kept);
    }

    /** All documents in the order of their keys. */
    public static FindOptions ofDefaults() {
        return sortBy(Sort.byKey());
    }

    /** All documents in the given order. */
    public static FindOptions sortBy(Sort sort) {
        return new FindOptions(sort, 0, Long.MAX_VALUE, List.of());
    }

    /**
     * These options with another limit.
     *
     * @throws CoreException INVALID_ARGUMENT if the limit is not positive
     */
    public FindOptions limit(long most) {
        return new FindOptions(sort, skip, most, only);
    }

    /**
     * These options with another number of documents to leave out. It costs what reading them costs: to page through
     * many, ask for what follows the last one seen.
     *
     * @throws CoreException INVALID_ARGUMENT if it is negative
     */
    public FindOptions skip(long first) {
        return new FindOptions(sort, first, limit, only);
    }

    /**
     * These options with only some fields of the documents given: a field that is missing, or whose way goes through
     * what is no document, is left out.
     *
     * @throws CoreException INVALID_ARGUMENT if a field is one of the key, which is always given
     */
    public FindOptions only(List<FieldPath> fields) {
        return new FindOptions(sort, skip, limit, fields);
    }

    /** What these options give of a document. */
    public Document project(Document document) {
        return only.isEmpty() ? document : pick(document, only, 0);
    }

    private static Document pick(Document document, List<FieldPath> paths, int level) {
        Document.Builder picked = Document.builder();
        for (String name : document.names()) {
            List<FieldPath> named = paths.stream()
                    .filter(path -> path.names().get(level).equals(name))
                    .toList();
            if (named.isEmpty()) {
                continue;
            }
            if (named.get(0).names().size() == level + 1) {
                picked.put(name, document.get(name));
            } else if (document.get(name) instanceof Document inner) {
                picked.put(name, pick(inner, named, level + 1));
            }
        }
        return picked.build();
    }
}
