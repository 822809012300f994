package org.corestack.testkit;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.corestack.document.Change.Operation;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a collection and records each write in a history, also where it is not known whether it took place. Each
 * operation does and throws what that of {@link StoreCollection} does. For one thread: the history wants a writer's writes
 * in their order.
 */
public final class RecordedCollection {
    /** With these nothing was written. */
    private static final Set<ErrorCode> REFUSALS = EnumSet.of(
            ErrorCode.NOT_FOUND,
            ErrorCode.ALREADY_EXISTS,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.UNAUTHORIZED,
            ErrorCode.FORBIDDEN,
            ErrorCode.CONFLICT,
            ErrorCode.UNSUPPORTED,
            ErrorCode.FAILED_PRECONDITION);

    private final StoreCollection collection;
    private final FeedHistory history;
    private final String writer;

    /**
     * A writer of a collection.
     *
     * @param writer its name in the history
     */
    public RecordedCollection(StoreCollection collection, FeedHistory history, String writer) {
        this.collection = collection;
        this.history = history;
        this.writer = writer;
    }

    /** As {@link StoreCollection#insert}. */
    public Written insert(Key key, Document document) {
        return record(key, Operation.INSERT, document, () -> collection.insert(key, document));
    }

    /** As {@link StoreCollection#replace}. */
    public Written replace(Key key, Document document, Condition condition) {
        return record(key, Operation.UPDATE, document, () -> collection.replace(key, document, condition));
    }

    /** As {@link StoreCollection#update}. */
    public Written update(Key key, Document set, Set<String> unset, Condition condition) {
        return record(key, Operation.UPDATE, null, () -> collection.update(key, set, unset, condition));
    }

    /** As {@link StoreCollection#upsert}. */
    public Written upsert(Key key, Document set, Set<String> unset) {
        return record(key, null, null, () -> collection.upsert(key, set, unset));
    }

    /** As {@link StoreCollection#patch}. */
    public Written patch(Key key, Patch patch, Condition condition) {
        return record(key, Operation.UPDATE, null, () -> collection.patch(key, patch, condition));
    }

    /** As {@link StoreCollection#delete}. */
    public Optional<Written> delete(Key key, Condition condition) {
        try {
            Optional<Written> written = collection.delete(key, condition);
            written.ifPresent(deleted -> history.wrote(writer, key, Operation.DELETE, null, deleted));
            return written;
        } catch (CoreException e) {
            throw failed(key, e);
        }
    }

    private Written record(
            Key key, @Nullable Operation operation, @Nullable Document document, Supplier<Written> write) {
        try {
            Written written = write.get();
            history.wrote(writer, key, operation, document, written);
            return written;
        } catch (CoreException e) {
            throw failed(key, e);
        }
    }

    private CoreException failed(Key key, CoreException error) {
        if (!REFUSALS.contains(error.code())) {
            history.uncertain(key);
        }
        return error;
    }
}
