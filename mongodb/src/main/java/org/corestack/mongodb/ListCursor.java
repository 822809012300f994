package org.corestack.mongodb;

import com.mongodb.client.ClientSession;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.cursor.TimeoutMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
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

    private final Link link;
    private final CollectionName name;
    private final Filter filter;
    private final FindOptions options;
    private final @Nullable BsonTimestamp after;
    private final Doing doing;
    private final boolean exact;
    private final Object lock = new Object();
    private final Deque<KeyClass> kinds = new ArrayDeque<>();
    private @Nullable MongoCursor<StoredDocument> cursor; // guarded by lock
    private @Nullable ClientSession session; // guarded by lock
    private boolean closed; // guarded by lock
    private boolean started;
    private long left;

    /**
     * A list that has done nothing yet.
     *
     * @param after a moment whose writes the list must show; null if it may be any of late
     */
    ListCursor(Link link, CollectionName name, Filter filter, FindOptions options, @Nullable BsonTimestamp after) {
        this.link = link;
        this.name = name;
        this.filter = filter;
        this.options = options;
        this.after = after;
        this.exact = FilterBson.isExact(filter);
        this.doing = Doing.read("reading a list of " + name);
        this.left = options.limit();
    }

    @Override
    public List<StoredDocument> next(Deadline deadline) {
        return link.translating(doing, deadline, () -> {
            List<StoredDocument> batch = started ? following(deadline) : first(deadline);
            started = true;
            left -= batch.size();
            return batch;
        });
    }

    private List<StoredDocument> first(Deadline deadline) {
        open(deadline, null);
        List<StoredDocument> batch = batch();
        if (batch.isEmpty() || (isEnded() && batch.size() < left)) {
            end();
            return Order.put(batch, options.sort());
        }
        if (!options.sort().terms().isEmpty()) {
            return isEnded() ? Order.put(batch, options.sort()) : batch;
        }
        if (KeyClass.isOrdered(batch.get(0).key(), lastKey(deadline))) {
            return batch;
        }
        kinds.addAll(EnumSet.allOf(KeyClass.class));
        end();
        return following(deadline);
    }

    private List<StoredDocument> following(Deadline deadline) {
        while (left > 0) {
            List<StoredDocument> batch = batch();
            if (!batch.isEmpty()) {
                return batch;
            }
            end();
            KeyClass kind = kinds.pollFirst();
            if (kind == null) {
                return List.of();
            }
            open(deadline, kind);
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
                if (exact || filter.matches(next.document())) {
                    batch.add(next);
                }
            } while (current.available() > 0 && batch.size() < left);
        }
        return batch;
    }

    private void open(Deadline deadline, @Nullable KeyClass kind) {
        MongoCollection<StoredDocument> documents = link.client()
                .getDatabase(name.database())
                .getCollection(name.collection(), StoredDocument.class)
                .withTimeout(Math.max(1, deadline.timeout().toMillis()), TimeUnit.MILLISECONDS);
        ClientSession own = link.session(link.client(), after);
        FindIterable<StoredDocument> found = documents
                .find(own, kind == null ? FilterBson.of(filter) : within(kind))
                .sort(Order.of(options.sort()))
                .timeoutMode(TimeoutMode.ITERATION)
                .allowDiskUse(options.sort().terms().isEmpty() ? null : true)
                .batchSize((int) Math.min(BATCH, left));
        if (exact && left <= Integer.MAX_VALUE) {
            found.limit((int) left);
        }
        MongoCursor<StoredDocument> opened = found.cursor();
        synchronized (lock) {
            if (!closed) {
                cursor = opened;
                session = own;
                return;
            }
        }
        opened.close();
        own.close();
    }

    private Bson within(KeyClass kind) {
        BsonDocument of = FilterBson.of(filter);
        return Raw.document(out -> {
            kind.writeFilter(out);
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
        try (ClientSession own = link.session(link.client(), after)) {
            StoredDocument last = new Call(link.client(), own, deadline)
                    .documents(name)
                    .find(own)
                    .projection(Raw.document(out -> out.writeInt32(Names.ID, 1)))
                    .sort(Raw.document(out -> out.writeInt32(Names.ID, -1)))
                    .first();
            return last == null ? Key.of("") : last.key();
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
        ClientSession own;
        synchronized (lock) {
            ended = cursor;
            own = session;
            cursor = null;
            session = null;
        }
        if (ended != null) {
            ended.close();
        }
        if (own != null) {
            own.close();
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

    /** The order of lists. */
    private static final class Order {
        private static final Comparator<StoredDocument> BY_KEY = Comparator.comparing(StoredDocument::key);

        static Bson of(org.corestack.document.Sort sort) {
            return Raw.document(out -> {
                for (var term : sort.terms()) {
                    out.writeInt32(Names.path(term.path().names()), term.descending() ? -1 : 1);
                }
                out.writeInt32(Names.ID, 1);
            });
        }

        static List<StoredDocument> put(List<StoredDocument> list, org.corestack.document.Sort sort) {
            list.sort(sort.terms().isEmpty() ? BY_KEY : sort.comparator());
            return list;
        }
    }
}
