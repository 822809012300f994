package org.corestack.document;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * How a list of documents is given: in which order, and how many at the most.
 *
 * @param sort the order
 * @param limit the most documents to give, {@link Long#MAX_VALUE} for all
 */
public record FindOptions(Sort sort, long limit) {
    /**
     * Checks.
     *
     * @throws CoreException INVALID_ARGUMENT if the limit is not positive
     */
    public FindOptions {
        if (limit <= 0) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the limit is " + limit + "; it must be positive");
        }
    }

    /** All documents in the order of their keys. */
    public static FindOptions ofDefaults() {
        return new FindOptions(Sort.byKey(), Long.MAX_VALUE);
    }

    /** All documents in the given order. */
    public static FindOptions sortBy(Sort sort) {
        return new FindOptions(sort, Long.MAX_VALUE);
    }

    /**
     * These options with another limit.
     *
     * @throws CoreException INVALID_ARGUMENT if the limit is not positive
     */
    public FindOptions limit(long most) {
        return new FindOptions(sort, most);
    }
}
