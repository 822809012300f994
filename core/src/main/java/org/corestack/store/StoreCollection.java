package org.corestack.store;

import static org.corestack.store.Arguments.notNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.WriteResult;

/**
 * The documents of one collection. Thread-safe; holds nothing that needs closing. That of a {@link StoreTransaction} is
 * for one thread at a time, and has no feed.
 *
 * <p>A write of one document is all or nothing, and durable once it returns. Every operation can fail with
 * INVALID_ARGUMENT (a null or otherwise wrong argument), DEADLINE_EXCEEDED (the timeout passed), CANCELED (the thread was
 * interrupted; its flag is set again), UNAVAILABLE, RESOURCE_EXHAUSTED, FORBIDDEN or DATA_LOSS (the database
 * is in the way) and FAILED_PRECONDITION (the client is closed); the methods name what else they throw. A write that fails
 * has not taken place, unless {@link CoreException#outcomeUnknown} says that nobody knows.
 */
public final class StoreCollection {
    /** The most writes that {@link #writeAll} takes. */
    public static final int MAX_WRITES = 10_000;

    private final StoreClient client;
    private final EngineCollection engine;
    private final String path;
    private final String name;
    private final Duration timeout;
    private final boolean inTransaction;

    StoreCollection(
            StoreClient client,
            EngineCollection engine,
            String path,
            String name,
            Duration timeout,
            boolean inTransaction) {
        this.inTransaction = inTransaction;
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

    /** How long an operation may take. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * A view of this collection whose operations have another timeout.
     *
     * @throws CoreException INVALID_ARGUMENT if it is not positive
     */
    public StoreCollection withTimeout(Duration other) {
        Deadline.in(notNull(other, "timeout")); // checks it
        return new StoreCollection(client, engine, path, name, other, inTransaction);
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
                notNull(key, "key"), notNull(set, "set"), notNull(unset, "unset"), notNull(condition, "condition")));
    }

    /**
     * Creates the document of the set fields, or, where there is one, does what {@link #update} does.
     *
     * @param unset the fields to remove, none of them in {@code set}
     */
    public Written upsert(Key key, Document set, Set<String> unset) {
        return write(new Write.Upsert(notNull(key, "key"), notNull(set, "set"), notNull(unset, "unset")));
    }

    /**
     * Applies a patch.
     *
     * @throws CoreException NOT_FOUND if there is no document, CONFLICT if the condition does not hold,
     *     INVALID_ARGUMENT if the patch does not fit the document (see {@link Patch#apply})
     */
    public Written patch(Key key, Patch patch, Condition condition) {
        return write(
                new Write.Apply(notNull(key, "key"), notNull(patch, "patch"), notNull(condition, "condition"), false));
    }

    /**
     * Applies a patch as {@link #patch} does, and gives the document after it.
     *
     * @throws CoreException as {@link #patch}
     */
    public StoredDocument patchAndGet(Key key, Patch patch, Condition condition) {
        Write write =
                new Write.Apply(notNull(key, "key"), notNull(patch, "patch"), notNull(condition, "condition"), true);
        WriteResult result = engine.write(write, deadline());
        WriteOutcome.of(path, write, result);
        return Objects.requireNonNull(result.after(), "the engine gave no document after the patch");
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
        return result.status() == WriteResult.Status.NOT_FOUND
                ? Optional.empty()
                : Optional.of(WriteOutcome.of(path, write, result));
    }

    /**
     * Does several writes, each all or nothing by itself; those of one key in their order. Faster than one by one.
     *
     * @param writes at most {@value #MAX_WRITES}
     * @return a result for each, in their order: what {@link #insert} and the others return or throw, and for the delete of
     *     what is not there a failure of NOT_FOUND
     * @throws CoreException INVALID_ARGUMENT if there are too many
     */
    public List<BulkResult> writeAll(List<Write> writes) {
        List<Write> all = Arguments.copy(writes, "writes");
        if (all.size() > MAX_WRITES) {
            throw CoreException.invalidArgument(
                    all.size() + " writes at once are too many; at most " + MAX_WRITES + " are allowed");
        }
        if (all.isEmpty()) {
            return List.of();
        }
        List<WriteResult> results = engine.writeAll(all, deadline());
        List<BulkResult> outcomes = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            outcomes.add(WriteOutcome.ofMany(path, all.get(i), results.get(i)));
        }
        return Collections.unmodifiableList(outcomes);
    }

    /**
     * Deletes the documents that match, in batches, each document by itself as {@link #delete} does. Those that begin
     * to match meanwhile may stay.
     *
     * @return how many
     * @throws CoreException as every write; some are deleted then
     */
    public long deleteMany(Filter filter) {
        return engine.deleteAll(checked(filter), deadline());
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
        return stream(engine.find(checked(filter), notNull(options, "options")));
    }

    /** How many documents match. */
    public long count(Filter filter) {
        Object count = aggregate(filter, Aggregation.of(Measure.count()))
                .get(0)
                .values()
                .get(0);
        return ((Number) Objects.requireNonNull(count)).longValue();
    }

    /**
     * What is counted and added up over the documents that match, for all of them or for each group.
     *
     * @return the groups, in no particular order
     * @throws CoreException INVALID_ARGUMENT if a sum overflows
     */
    public List<Aggregation.Group> aggregate(Filter filter, Aggregation aggregation) {
        return engine.aggregate(checked(filter), notNull(aggregation, "aggregation"), deadline());
    }

    /**
     * All documents that match, in the order of their keys, and the position from which a watch continues
     * the list with nothing lost between.
     *
     * @return a snapshot to be closed
     */
    public CollectionSnapshot snapshot(Filter filter) {
        var snapshot = engine.snapshot(outside(checked(filter), "a snapshot"), deadline());
        return new CollectionSnapshot(snapshot.position(), stream(snapshot.documents()));
    }

    /**
     * Makes indexes, or leaves those that are there already.
     *
     * @throws CoreException ALREADY_EXISTS if another index has the name, or one on the same paths differs;
     *     FAILED_PRECONDITION if documents that are there forbid a unique one
     */
    public void ensureIndexes(List<Index> indexes) {
        engine.ensureIndexes(outside(Arguments.copy(indexes, "indexes"), "making an index"), deadline());
    }

    /** Makes an index as {@link #ensureIndexes} does. */
    public void ensureIndex(Index index) {
        ensureIndexes(List.of(notNull(index, "index")));
    }

    /**
     * The indexes that are there, ordered by their names, as {@link #ensureIndexes} would make them in another
     * collection. Those of other programs that it could not make are left out.
     */
    public List<Index> indexes() {
        return outside(engine, "the list of indexes").indexes(deadline()).stream()
                .sorted(Comparator.comparing(Index::name))
                .toList();
    }

    /**
     * The statements that make this collection and these indexes, for an administrator to read, or to run where this
     * program may not. Asks no database.
     */
    public List<String> statements(List<Index> indexes) {
        return engine.statements(Arguments.copy(indexes, "indexes"));
    }

    /** A position behind every write confirmed so far: a watch from it sees every write that comes. */
    public Position position() {
        return changes().now(deadline());
    }

    /**
     * A position from which a watch sees every change that was made at a time or later, by the database's clock, and maybe
     * earlier ones. A time that is to come is as good as now; a watch from before the history of changes ends with a resync.
     */
    public Position position(Instant time) {
        Instant since = notNull(time, "time").isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
        return changes().at(since.isAfter(Arguments.LAST) ? Arguments.LAST : since, deadline());
    }

    /**
     * Whether a watch that has delivered everything up to one position has delivered the change or write at another.
     * Asks no database.
     *
     * @param reached such as a {@link Watch#position}, a bookmark or a snapshot's position
     * @param position such as a {@code Written}'s or a change's; where it is of another database, the answer is no
     */
    public boolean covers(Position reached, Position position) {
        return changes().covers(notNull(reached, "reached"), notNull(position, "position"));
    }

    /**
     * Keeps with each change of this collection from now on the documents right before and right after it, for watches
     * that ask for {@link WatchOptions#withExactImages}; or no longer does so, which is what a collection begins with, as
     * the history then holds whole documents and not keys alone. It is the collection's and not this client's: once
     * it has returned, the writes of every process do. It waits for transactions in which the collection is written.
     *
     * @throws CoreException UNSUPPORTED if the engine or its server can't
     */
    public void keepImages(boolean keep) {
        imaging().keepImages(keep, deadline());
    }

    /**
     * Whether the collection keeps them.
     *
     * @throws CoreException UNSUPPORTED if the engine or its server can't
     */
    public boolean keepsImages() {
        return imaging().keepsImages(deadline());
    }

    private EngineCollection imaging() {
        if (!client.capabilities().contains(Capability.EXACT_IMAGES)) {
            throw CoreException.unsupported(
                    "the engine keeps no images of documents before and after changes of " + path);
        }
        return outside(engine, "keeping images");
    }

    /**
     * Delivers changes to a listener, on a thread of its own, until closed. Without a position to start
     * from, every change is delivered that commits after this method has returned.
     *
     * @return the watch, to be closed
     * @throws CoreException UNSUPPORTED or FAILED_PRECONDITION if exact images are asked for, and the engine can't keep
     *     them or the collection does not
     */
    public Watch watch(WatchOptions options, WatchListener listener) {
        notNull(listener, "listener");
        checked(notNull(options, "options").filter());
        FeedHub hub = client.hub(changes());
        if (options.exactImages() && !keepsImages()) {
            throw CoreException.failedPrecondition(
                    path + " keeps no exact images of its changes; call keepImages(true) once, or watch without them");
        }
        Position from = options.from().orElseGet(this::position);
        return Watch.start(hub, name, path, from, options, listener);
    }

    private Written write(Write write) {
        return WriteOutcome.of(path, write, engine.write(write, deadline()));
    }

    private static Filter checked(Filter filter) {
        return notNull(filter, "filter").ofDocuments();
    }

    private ChangeSource changes() {
        return outside(engine, "the feed").changes();
    }

    /** The argument; FAILED_PRECONDITION if this collection is part of a transaction. */
    private <T> T outside(T argument, String what) {
        if (inTransaction) {
            throw CoreException.failedPrecondition(
                    what + " of " + path + " is not to be had within a transaction; use the collection of the store");
        }
        return argument;
    }

    private Stream<StoredDocument> stream(Cursor cursor) {
        Iterator<StoredDocument> documents = new CursorIterator(cursor, timeout);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(documents, Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(cursor::close);
    }

    private Deadline deadline() {
        return Arguments.begin("an operation on " + path, timeout);
    }
}
