package org.corestack.mongodb;

import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.BsonTimestamp;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** Where operations are done: each by itself, or all of them in one transaction. */
interface Scope {
    /** Runs one operation, and gives its errors in our terms. */
    <T extends @Nullable Object> T run(Doing doing, Deadline deadline, Function<Call, T> work);

    /** Runs what is a part of an operation, and gives its errors in our terms. */
    <T extends @Nullable Object> T translating(Doing doing, Deadline deadline, Supplier<T> work);

    /**
     * A call that is held until it is released, for what takes several steps.
     *
     * @param after a moment whose writes it must see; null if it may be any of late
     */
    Call open(Deadline deadline, @Nullable BsonTimestamp after);

    /** Ends the use of a call that was opened. */
    void release(Call call);
}
