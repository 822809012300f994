package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.AggregateIterable;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.cursor.TimeoutMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * A list, read by the server's cursor batch by batch.
 *
 * <p>A list that fits into one batch is put in order here where the server's order is another one. A longer list by key
 * is read kind by kind, unless all its keys are of one.
 */
final class ListCursor implements Cursor {
    private static final int BATCH = 1_000;

    private final Scope scope;
    private final CollectionName name;
    private final Filter filter;
    private final FindOptions options;
    private final @Nullable BsonTimestamp after;
    private final Doing doing;
    private final boolean exact;
    private final Object lock = new Object();
    private final Deque<KeyClass> kinds = new ArrayDeque<>();
    private @Nullable MongoCursor<StoredDocument> cursor; // guarded by lock
    private @Nullable Call opened; // guarded by lock
    private boolean closed; // guarded by lock
    private final FindOptions served;
    private @Nullable Key behind;
    private boolean begun;
    private boolean started;
    private long skip;
    private long left;

    /**
     * A list that has done nothing yet.
     *
     * @param after a moment whose writes the list must show; null if it may be any of late
     */
    ListCursor(Scope scope, CollectionName name, Filter filter, FindOptions options, @Nullable BsonTimestamp after) {
        this.scope = scope;
        this.name = name;
        this.filter = filter;
        this.options = options;
        this.after = after;
        this.exact = FilterBson.isExact(filter);
        this.doing = Doing.read("reading a list of " + name);
        this.served = withSortedFields(options);
        this.skip = options.skip();
        this.left = options.limit();
    }

    /** Leaves out what a list by key of the same documents has given, up to the last of it, in the servers' order. */
    ListCursor behind(Key last) {
        behind = last;
        started = true;
        kinds.addAll(EnumSet.range(KeyClass.of(last), KeyClass.RECORD));
        return this;
    }

    /** Asks the servers for the first of it already now. */
    void begin(Deadline deadline) {
        scope.translating(doing, deadline, () -> {
            open(deadline, null);
            begun = true;
            return true;
        });
    }

    /** What the server is asked for: a list that is put in order here needs the fields by which it is. */
    private FindOptions withSortedFields(FindOptions wanted) {
        if (wanted.only().isEmpty() || !exact) {
            return wanted.only(List.of());
        }
        List<FieldPath> fields = new ArrayList<>(wanted.only());
        wanted.sort().terms().stream()
                .map(Sort.Term::path)
                .filter(path -> path.root() == FieldPath.Root.DOCUMENT)
                .forEach(fields::add);
        return wanted.only(fields);
    }

    @Override
    public List<StoredDocument> next(Deadline deadline) {
        return scope.translating(doing, deadline, () -> {
            List<StoredDocument> batch = started ? following(deadline) : first(deadline);
            started = true;
            left -= batch.size();
            return options.only().isEmpty() ? batch : project(batch);
        });
    }

    private List<StoredDocument> project(List<StoredDocument> batch) {
        List<StoredDocument> projected = new ArrayList<>(batch.size());
        for (StoredDocument each : batch) {
            projected.add(new StoredDocument(each.key(), options.project(each.document()), each.version()));
        }
        return projected;
    }

    private List<StoredDocument> first(Deadline deadline) {
        if (!begun) {
            end(); // what an attempt before has read of it was not given
            open(deadline, null);
        }
        begun = false;
        List<StoredDocument> batch = batch();
        boolean whole = isEnded() && (batch.size() < left || !isLimitedThere());
        if (batch.isEmpty() || whole) {
            end();
            return cut(ListOrder.put(batch, options.sort()));
        }
        if (!options.sort().terms().isEmpty()) {
            return orFollowing(cut(isEnded() ? ListOrder.put(batch, options.sort()) : batch), deadline);
        }
        if (KeyClass.isOrdered(batch.get(0).key(), lastKey(deadline))) {
            return orFollowing(cut(batch), deadline);
        }
        kinds.addAll(EnumSet.allOf(KeyClass.class));
        end();
        skip = options.skip();
        return following(deadline);
    }

    private List<StoredDocument> orFollowing(List<StoredDocument> batch, Deadline deadline) {
        return batch.isEmpty() ? following(deadline) : batch;
    }

    /** Whether the server counts: where it lets too much through, or some are passed over, it can't. */
    private boolean isLimitedThere() {
        return exact && options.skip() == 0 && left <= Integer.MAX_VALUE;
    }

    /** Without what is to be passed over, and no more than are wanted. */
    private List<StoredDocument> cut(List<StoredDocument> batch) {
        int from = (int) Math.min(skip, batch.size());
        skip -= from;
        return batch.subList(from, (int) Math.min(batch.size(), from + Math.min(left, Integer.MAX_VALUE / 2)));
    }

    private List<StoredDocument> following(Deadline deadline) {
        while (left > 0) {
            List<StoredDocument> read = batch();
            List<StoredDocument> batch = cut(read);
            if (!batch.isEmpty()) {
                return batch;
            }
            if (!read.isEmpty()) {
                continue;
            }
            end();
            KeyClass kind = kinds.peekFirst();
            if (kind == null) {
                return List.of();
            }
            open(deadline, kind);
            kinds.removeFirst(); // only now, or a list that is read on after an error would lack all of it
        }
        end();
        return List.of();
    }

    /** What the server has sent, or the next that it sends; what the filter should have kept out is kept out. */
    private List<StoredDocument> batch() {
        MongoCursor<StoredDocument> current = current();
        List<StoredDocument> batch = new ArrayList<>();
        while (current != null && batch.isEmpty() && current.hasNext()) {
            do {
                StoredDocument next = current.next();
                if (exact || filter.matches(next.key(), next.document())) {
                    batch.add(next);
                }
            } while (current.available() > 0 && batch.size() - skip < left);
        }
        return batch;
    }

    private void open(Deadline deadline, @Nullable KeyClass kind) {
        Call call = scope.open(deadline, after);
        MongoCursor<StoredDocument> made;
        try {
            made = opened(call, kind == null ? FilterBson.of(filter) : within(kind));
        } catch (RuntimeException e) {
            scope.release(call);
            throw e;
        }
        synchronized (lock) {
            if (!closed) {
                cursor = made;
                opened = call;
                return;
            }
        }
        made.close();
        scope.release(call);
    }

    /**
     * A cursor in order. By two paths at once at which there are lists the servers refuse to sort, and where no list is
     * looked into they don't use an index: so that is only done where it has to be, in a transaction from the start, which
     * an error would undo.
     */
    private MongoCursor<StoredDocument> opened(Call call, Bson wanted) {
        boolean parallel = ListOrder.isBySeveral(options.sort());
        if (parallel && call.isInTransaction()) {
            return pastLists(call, wanted);
        }
        try {
            FindIterable<StoredDocument> found = documents(call)
                    .find(call.session(), wanted)
                    .sort(ListOrder.of(options.sort()))
                    .allowDiskUse(options.sort().terms().isEmpty() ? null : true)
                    .batchSize(batchSize())
                    .projection(ListOrder.projection(served));
            if (!call.isInTransaction()) {
                found.timeoutMode(TimeoutMode.ITERATION);
            }
            return (isLimitedThere() ? found.limit((int) left) : found).cursor();
        } catch (MongoException e) {
            if (parallel && MongoErrors.areParallelLists(e)) {
                return pastLists(call, wanted);
            }
            throw e;
        }
    }

    private MongoCursor<StoredDocument> pastLists(Call call, Bson wanted) {
        List<Bson> stages = ListOrder.pastLists(wanted, options.sort(), served, isLimitedThere() ? left : 0);
        AggregateIterable<StoredDocument> found = documents(call)
                .aggregate(call.session(), stages, StoredDocument.class)
                .allowDiskUse(true)
                .batchSize(batchSize());
        return (call.isInTransaction() ? found : found.timeoutMode(TimeoutMode.ITERATION)).cursor();
    }

    private int batchSize() {
        return (int) Math.min(BATCH, Math.max(left, left + skip));
    }

    /** Each batch has the whole timeout; within a transaction the time is the transaction's. */
    private MongoCollection<StoredDocument> documents(Call call) {
        if (call.isInTransaction()) {
            return call.documents(name);
        }
        return call.client()
                .getDatabase(name.database())
                .getCollection(name.collection(), StoredDocument.class)
                .withTimeout(Math.max(1, call.deadline().timeout().toMillis()), TimeUnit.MILLISECONDS);
    }

    private Bson within(KeyClass kind) {
        BsonDocument of = FilterBson.of(filter);
        return Raw.document(out -> {
            kind.writeFilter(out, behind != null && KeyClass.of(behind) == kind ? behind : null);
            if (!of.isEmpty()) {
                out.writeStartArray("$and");
                RawBsonDocument part = (RawBsonDocument) of;
                out.pipe(new org.bson.BsonBinaryReader(part.getByteBuffer().asNIO()));
                out.writeEndArray();
            }
        });
    }

    /** The key that the server has for the last of all. */
    private Key lastKey(Deadline deadline) {
        Call call = scope.open(deadline, after);
        try {
            StoredDocument last = call.documents(name)
                    .find(call.session())
                    .projection(Raw.document(out -> out.writeInt32(Names.ID, 1)))
                    .sort(Raw.document(out -> out.writeInt32(Names.ID, -1)))
                    .first();
            return last == null ? Key.of("") : last.key();
        } finally {
            scope.release(call);
        }
    }

    private @Nullable MongoCursor<StoredDocument> current() {
        synchronized (lock) {
            return cursor;
        }
    }

    private boolean isEnded() {
        MongoCursor<StoredDocument> current = current();
        return current == null || (current.available() == 0 && current.getServerCursor() == null);
    }

    private void end() {
        MongoCursor<StoredDocument> ended;
        Call call;
        synchronized (lock) {
            ended = cursor;
            call = opened;
            cursor = null;
            opened = null;
        }
        if (ended != null) {
            ended.close();
        }
        if (call != null) {
            scope.release(call);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        try {
            end();
        } catch (RuntimeException e) {
            org.slf4j.LoggerFactory.getLogger(ListCursor.class)
                    .debug("a cursor of {} could not be closed; the server ends it by itself", name, e);
        }
    }
}
