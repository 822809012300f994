package org.corestack.store;

import static org.corestack.store.Arguments.notNull;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Write;
import org.corestack.store.spi.WriteResult;

/**
 * The documents of one collection. Thread-safe; holds nothing that needs closing.
 *
 * <p>A write of one document is all or nothing, and durable once it returns. Every operation can fail with
 * INVALID_ARGUMENT (a null or otherwise wrong argument), DEADLINE_EXCEEDED (the timeout passed; a write has
 * then not taken place unless the message says that its outcome is unknown), CANCELED (the thread was
 * interrupted; its flag is set again), UNAVAILABLE, RESOURCE_EXHAUSTED, FORBIDDEN or DATA_LOSS (the database
 * is in the way) and FAILED_PRECONDITION (the client is closed); the methods name what else they throw.
 */
public final class StoreCollection {
    private final StoreClient client;
    private final EngineCollection engine;
    private final String path;
    private final String name;
    private final Duration timeout;

    StoreCollection(StoreClient client, EngineCollection engine, String path, String name, Duration timeout) {
        this.client = client;
        this.engine = engine;
        this.path = path;
        this.name = name;
        this.timeout = timeout;
    }

    /** The collection's name. */
    public String name() {
        return name;
    }

    /**
     * A view of this collection whose operations have another timeout.
     *
     * @throws CoreException INVALID_ARGUMENT if it is not positive
     */
    public StoreCollection withTimeout(Duration other) {
        Deadline.in(notNull(other, "timeout")); // checks it
        return new StoreCollection(client, engine, path, name, other);
    }

    /**
     * Creates a document.
     *
     * @throws CoreException ALREADY_EXISTS if the key is taken
     */
    public Written insert(Key key, Document document) {
        return write(new Write.Insert(notNull(key, "key"), notNull(document, "document")));
    }

    /**
     * Replaces a whole document.
     *
     * @throws CoreException NOT_FOUND if there is none, CONFLICT if the condition does not hold
     */
    public Written replace(Key key, Document document, Condition condition) {
        return write(
                new Write.Replace(notNull(key, "key"), notNull(document, "document"), notNull(condition, "condition")));
    }

    /**
     * Sets top-level fields, each as a whole, removes others, and leaves the rest as they are.
     *
     * @param unset the fields to remove, none of them in {@code set}
     * @throws CoreException NOT_FOUND if there is no document, CONFLICT if the condition does not hold
     */
    public Written update(Key key, Document set, Set<String> unset, Condition condition) {
        return write(new Write.Merge(
                notNull(key, "key"), notNull(set, "set"), disjoint(set, unset), notNull(condition, "condition")));
    }

    /**
     * Creates the document of the set fields, or, where there is one, does what {@link #update} does.
     *
     * @param unset the fields to remove, none of them in {@code set}
     */
    public Written upsert(Key key, Document set, Set<String> unset) {
        return write(new Write.Upsert(notNull(key, "key"), notNull(set, "set"), disjoint(set, unset)));
    }

    /**
     * Applies a patch.
     *
     * @throws CoreException NOT_FOUND if there is no document, CONFLICT if the condition does not hold,
     *     INVALID_ARGUMENT if the patch does not fit the document (see {@link Patch#apply})
     */
    public Written patch(Key key, Patch patch, Condition condition) {
        return write(new Write.Apply(notNull(key, "key"), notNull(patch, "patch"), notNull(condition, "condition")));
    }

    /**
     * Deletes a document.
     *
     * @return the deletion's version and position, empty if there was no document
     * @throws CoreException CONFLICT if the condition does not hold
     */
    public Optional<Written> delete(Key key, Condition condition) {
        Write write = new Write.Delete(notNull(key, "key"), notNull(condition, "condition"));
        WriteResult result = engine.write(write, deadline());
        return result.status() == WriteResult.Status.NOT_FOUND ? Optional.empty() : Optional.of(applied(write, result));
    }

    /** The document of a key, with every write seen that was confirmed before the call. */
    public Optional<StoredDocument> find(Key key) {
        return engine.find(notNull(key, "key"), deadline());
    }

    /** The documents that match, in order. Holds them all: for many, {@link #stream}. */
    public List<StoredDocument> findMany(Filter filter, FindOptions options) {
        try (Stream<StoredDocument> found = stream(filter, options)) {
            return found.toList();
        }
    }

    /**
     * The documents that match, in order, holding one batch at a time. The timeout is that of each batch.
     * Not one moment's state: a document changed meanwhile shows as before or as after the change.
     *
     * @return a stream to be closed
     */
    public Stream<StoredDocument> stream(Filter filter, FindOptions options) {
        return stream(engine.find(notNull(filter, "filter"), notNull(options, "options")));
    }

    /**
     * All documents that match, in the order of their keys, and the position from which a watch continues
     * the list with nothing lost between.
     *
     * @return a snapshot to be closed
     */
    public CollectionSnapshot snapshot(Filter filter) {
        var snapshot = engine.snapshot(notNull(filter, "filter"), deadline());
        return new CollectionSnapshot(snapshot.position(), stream(snapshot.documents()));
    }

    /**
     * Makes an index, or returns if it is there already.
     *
     * @throws CoreException ALREADY_EXISTS if another index has the name
     */
    public void ensureIndex(Index index) {
        engine.ensureIndex(notNull(index, "index"), deadline());
    }

    /**
     * A position behind every write confirmed so far: a watch from it sees every write that comes.
     */
    public Position position() {
        return engine.changes().now(deadline());
    }

    /**
     * Whether a watch that has delivered everything up to one position has delivered the change or write at another.
     * Asks no database.
     *
     * @param reached such as a {@link Watch#position}, a bookmark or a snapshot's position
     * @param position such as a {@code Written}'s or a change's; where it is of another database, the answer is no
     */
    public boolean covers(Position reached, Position position) {
        return engine.changes().covers(notNull(reached, "reached"), notNull(position, "position"));
    }

    /**
     * Delivers changes to a listener, on a thread of its own, until closed. Without a position to start
     * from, every change is delivered that commits after this method has returned.
     *
     * @return the watch, to be closed
     */
    public Watch watch(WatchOptions options, WatchListener listener) {
        notNull(listener, "listener");
        FeedHub hub = client.hub(engine.changes());
        Position from = notNull(options, "options").from().orElseGet(this::position);
        return Watch.start(hub, name, path, from, options, listener);
    }

    private Written write(Write write) {
        return applied(write, engine.write(write, deadline()));
    }

    private Written applied(Write write, WriteResult result) {
        if (result.written() != null) {
            return result.written();
        }
        String document = "the document " + write.key() + " of " + path;
        throw switch (result.status()) {
            case ALREADY_EXISTS -> new CoreException(ErrorCode.ALREADY_EXISTS, document + " exists already");
            case NOT_FOUND -> CoreException.notFound(document + " does not exist");
            default ->
                new CoreException(
                        ErrorCode.CONFLICT,
                        document + " was changed by another: the condition of the write does not hold");
        };
    }

    private Stream<StoredDocument> stream(Cursor cursor) {
        Iterator<StoredDocument> documents = new CursorIterator(cursor, timeout);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(documents, Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(cursor::close);
    }

    private static Set<String> disjoint(Document set, Set<String> unset) {
        for (String field : notNull(unset, "unset")) {
            if (set.contains(notNull(field, "a name in unset"))) {
                throw CoreException.invalidArgument("the field " + field + " is both set and removed");
            }
        }
        return Set.copyOf(unset);
    }

    private Deadline deadline() {
        return Arguments.begin("an operation on " + path, timeout);
    }
}
