package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.ChangeStreamIterable;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a change stream. The driver resumes it after what it calls resumable errors; after any other it is opened anew
 * behind what was given, and what the server says by that error is a resync or is thrown.
 */
final class StreamReader implements ChangeReader {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A stream that is resumed behind hours of other collections' changes gives nothing before it is through them. */
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(20);
    /** How long the server keeps an answer back when nothing happens; the reader looks up as often. */
    private static final Duration AWAIT = Duration.ofMillis(250);

    private static final int MOST_WAITING = 1_000;

    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;
    private final Doing doing;
    private final Object lock = new Object();
    private final Deque<StreamEvent> waiting = new ArrayDeque<>();
    private final LatestDocuments latest;
    private @Nullable MongoPosition place; // null where the text was none
    private @Nullable Resync lost;
    private @Nullable MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> stream; // guarded by lock
    private @Nullable Thread reading; // guarded by lock
    private boolean closed; // guarded by lock
    private boolean passedOver;
    private Duration patience = PATIENCE;
    private boolean interrupted; // guarded by lock

    StreamReader(Link link, CollectionName name, CollectionIdentity identity, Position from) {
        this.link = link;
        this.name = name;
        this.identity = identity;
        this.doing = Doing.read("reading the changes of " + name);
        this.latest = new LatestDocuments(link, name);
        MongoPosition parsed = MongoPosition.parse(from);
        this.place = parsed == null ? null : parsed.start();
    }

    @Override
    public Outcome next(Map<String, Content> interest, Duration wait) {
        begin();
        try {
            Outcome outcome = read(interest, System.nanoTime() + wait.toNanos());
            patience = PATIENCE;
            return outcome;
        } catch (RuntimeException e) {
            dropStream();
            if (ErrorCode.of(e) == ErrorCode.DEADLINE_EXCEEDED) {
                Duration more = patience.multipliedBy(4);
                patience = more.compareTo(MOST_PATIENCE) < 0 ? more : MOST_PATIENCE; // or it would never get further
            }
            if (isClosed()) {
                throw new CoreException(ErrorCode.CANCELED, doing + " ended: the reader is closed", e);
            }
            throw e;
        } finally {
            finish();
        }
    }

    private Outcome read(Map<String, Content> interest, long end) {
        while (true) {
            MongoPosition from = place;
            if (from == null) {
                return lost(new Resync(Resync.Reason.NOT_A_POSITION, "the text is no position of MongoDB's changes"));
            }
            if (from.collection().equals(MongoPosition.UNKNOWN) && lost == null) {
                from = named(from);
            }
            MongoPosition reached = lost == null ? fill(from) : from;
            if (!waiting.isEmpty()) {
                return give(interest);
            }
            Resync why = lost;
            if (why != null) {
                dropStream();
                return new Lost(why);
            }
            if (!reached.equals(from) || System.nanoTime() - end >= 0) {
                place = reached;
                return new Batch(List.of(), reached.toPosition(), false);
            }
        }
    }

    /** The place in the collection that a transaction has made. */
    private MongoPosition named(MongoPosition from) {
        UUID now = link.runForFeed(doing, Deadline.in(PATIENCE), null, identity::ask);
        if (now == null) {
            lost = new Resync(Resync.Reason.OTHER_HISTORY, name + " was never made, or is there no more");
            return from;
        }
        place = from.in(now);
        return from.in(now);
    }

    private Lost lost(Resync why) {
        lost = why;
        return new Lost(why);
    }

    /** Takes what the stream has; gives how far it has come where all of that has been given. */
    private MongoPosition fill(MongoPosition from) {
        if (!waiting.isEmpty()) {
            return from;
        }
        return link.translating(doing, Deadline.in(patience), () -> {
            try {
                var current = open(from);
                if (current == null) {
                    return from;
                }
                take(current, from.collection());
                BsonDocument token = current.getResumeToken();
                return waiting.isEmpty() && lost == null && token != null ? between(from, token) : from;
            } catch (MongoException e) {
                Resync why = resync(e);
                if (why == null) {
                    throw e;
                }
                lost = why;
                return from;
            }
        });
    }

    private void take(MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> from, UUID collection) {
        ChangeStreamDocument<BsonDocument> next = from.tryNext();
        while (next != null && lost == null) {
            StreamEvent event = StreamEvent.of(next, collection);
            if (event.ends()) {
                lost = new Resync(Resync.Reason.OTHER_HISTORY, name + " was dropped or renamed (" + event.name() + ")");
            } else if (event.key() != null) {
                waiting.add(event);
            } else if (event.operation() != null) {
                passOver(next.getDocumentKey());
            }
            boolean more = lost == null && waiting.size() < MOST_WAITING && from.available() > 0;
            next = more ? from.tryNext() : null;
        }
    }

    /** Nobody here can mean a document whose {@code _id} is no key of ours, and it must silence no other. */
    private void passOver(@Nullable BsonDocument key) {
        if (!passedOver) {
            LOG.warn("changes of documents of {} whose _id can't be a key are passed over, the first is {}", name, key);
        }
        passedOver = true;
    }

    /** The place that the server names when nothing happens; it keeps a resumption from history that is gone. */
    private static MongoPosition between(MongoPosition from, BsonDocument token) {
        ResumeToken at = ResumeToken.of(token);
        BsonTimestamp time = at.time();
        return time == null || from.hasToken(at)
                ? from
                : MongoPosition.at(from.collection(), time, MongoPosition.Kind.BETWEEN, at);
    }

    private Batch give(Map<String, Content> interest) {
        Content content = interest.get(name.collection());
        List<CollectionChange> changes = new ArrayList<>();
        MongoPosition last;
        if (content == Content.LATEST) {
            last = latest.give(waiting, changes);
        } else {
            last = waiting.getLast().place();
            for (StreamEvent event : waiting) {
                if (content != null) {
                    changes.add(new CollectionChange(name.collection(), event.change(null, event.version())));
                }
            }
            waiting.clear();
        }
        place = last;
        return new Batch(changes, last.toPosition(), !waiting.isEmpty());
    }

    /** The stream, opened if it is not; null if it can't continue the place. */
    private @Nullable MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> open(MongoPosition from) {
        synchronized (lock) {
            if (stream != null) {
                return stream;
            }
        }
        UUID now = link.runForFeed(doing, Deadline.in(PATIENCE), null, identity::ask);
        if (!from.collection().equals(now)) {
            lost = new Resync(
                    Resync.Reason.OTHER_HISTORY,
                    now == null
                            ? name + " is there no more"
                            : "the position is of another collection than " + name + " is now");
            return null;
        }
        var opened = stream(from).cursor();
        synchronized (lock) {
            if (!closed) {
                stream = opened;
                return opened;
            }
        }
        opened.close();
        throw new CoreException(ErrorCode.CANCELED, doing + " ended: the reader is closed");
    }

    private ChangeStreamIterable<BsonDocument> stream(MongoPosition from) {
        ChangeStreamIterable<BsonDocument> stream = Link.servers(link.feeds())
                .getDatabase(name.database())
                .getCollection(name.collection())
                .withTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .watch(StreamEvent.pipeline(), BsonDocument.class)
                .batchSize(MOST_WAITING)
                .maxAwaitTime(AWAIT.toMillis(), TimeUnit.MILLISECONDS);
        ResumeToken token = from.token();
        if (token != null) {
            return stream.startAfter(token.toBson());
        }
        boolean behind = from.kind() == MongoPosition.Kind.TIME;
        return stream.startAtOperationTime(behind ? Versions.after(from.time()) : from.time());
    }

    /** What an error means for the place; null where it says nothing of it. */
    private static @Nullable Resync resync(MongoException e) {
        return switch (e.getCode()) {
            case MongoErrors.HISTORY_LOST ->
                new Resync(Resync.Reason.HISTORY_TRIMMED, "the servers' oplog has no changes of that long ago");
            case MongoErrors.CHANGE_STREAM_FATAL ->
                new Resync(Resync.Reason.OTHER_HISTORY, "the servers' oplog does not continue the position");
            case MongoErrors.INVALID_RESUME_TOKEN ->
                new Resync(Resync.Reason.NOT_A_POSITION, "the servers don't take the position's token");
            case MongoErrors.TOO_LARGE ->
                new Resync(Resync.Reason.OTHER_HISTORY, "a change is too large for the servers to tell");
            default -> null;
        };
    }

    private void begin() {
        synchronized (lock) {
            if (closed) {
                throw new CoreException(ErrorCode.CANCELED, doing + " ended: the reader is closed");
            }
            reading = Thread.currentThread();
        }
    }

    private void finish() {
        synchronized (lock) {
            reading = null;
            if (interrupted) {
                interrupted = !Thread.interrupted(); // it was for the read that has ended
            }
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void dropStream() {
        waiting.clear();
        MongoChangeStreamCursor<?> dropped;
        synchronized (lock) {
            dropped = stream;
            stream = null;
        }
        close(dropped);
    }

    private void close(@Nullable MongoChangeStreamCursor<?> ended) {
        try {
            if (ended != null) {
                ended.close();
            }
        } catch (RuntimeException e) {
            LOG.debug("a stream of {} could not be closed; the server ends it by itself", name, e);
        }
    }

    /** {@inheritDoc} A read that waits for a server is interrupted; one that waits for changes ends by itself soon. */
    @Override
    public void close() {
        MongoChangeStreamCursor<?> ended;
        synchronized (lock) {
            closed = true;
            ended = reading == null ? stream : null;
            if (reading != null && !interrupted) {
                interrupted = true;
                reading.interrupt();
            }
        }
        close(ended);
    }
}
