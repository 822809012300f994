package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
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
    /** An answer of so many bytes may have ended before one that the servers had no room for. */
    private static final int FULL = 1 << 20;

    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;
    private final Doing doing;
    private final Object lock = new Object();
    private final Deque<StreamEvent> waiting = new ArrayDeque<>();
    private final EventFragments fragments = new EventFragments();
    private final LatestDocuments latest;
    private StreamForm form = StreamForm.KEYS;
    /** Whether the servers may have had more when they gave what came last. */
    private boolean more;

    private @Nullable MongoPosition place; // null where the text was none
    private @Nullable Resync lost;
    private @Nullable MongoChangeStreamCursor<ChangeStreamDocument<RawBsonDocument>> stream; // guarded by lock
    private @Nullable Thread reading; // guarded by lock
    private boolean closed; // guarded by lock
    private boolean counted; // guarded by lock
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
            Outcome outcome = read(interest.get(name.collection()), System.nanoTime() + wait.toNanos());
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

    private Outcome read(@Nullable Content content, long end) {
        if (form.images() != (content == Content.IMAGES)) {
            dropStream();
            form = StreamForm.of(content == Content.IMAGES);
        }
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
                return give(content);
            }
            Resync why = lost;
            if (why != null) {
                dropStream();
                return new Lost(why);
            }
            if (!reached.equals(from) || System.nanoTime() - end >= 0) {
                place = reached;
                return new Batch(List.of(), reached.toPosition(), more);
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
                if (token == null || !waiting.isEmpty() || lost != null || fragments.isAt(token)) {
                    return from;
                }
                return between(from, token);
            } catch (MongoException e) {
                if (isMended(e, from)) {
                    dropStream();
                    return from;
                }
                Resync why = resync(e);
                if (why == null) {
                    throw e;
                }
                lost = why;
                return from;
            }
        });
    }

    private void take(MongoChangeStreamCursor<ChangeStreamDocument<RawBsonDocument>> from, UUID collection) {
        int count = 0;
        long bytes = 0;
        ChangeStreamDocument<RawBsonDocument> next = from.tryNext();
        while (next != null) {
            count++;
            bytes += size(next.getFullDocument()) + size(next.getFullDocumentBeforeChange());
            ChangeStreamDocument<RawBsonDocument> whole = fragments.add(next);
            if (whole != null) {
                take(whole, StreamEvent.of(whole, collection, form.images()));
            }
            boolean goesOn = lost == null && count < form.batchSize() && from.available() > 0;
            next = goesOn ? from.tryNext() : null;
        }
        more = from.available() > 0 || count >= form.batchSize() || bytes >= FULL;
    }

    private void take(ChangeStreamDocument<RawBsonDocument> from, StreamEvent event) {
        if (event.ends()) {
            lost = new Resync(Resync.Reason.OTHER_HISTORY, name + " was dropped or renamed (" + event.name() + ")");
        } else if (event.key() != null) {
            waiting.add(event);
        } else if (event.operation() != null) {
            passOver(from.getDocumentKey());
        }
    }

    private static int size(@Nullable RawBsonDocument document) {
        return document == null ? 0 : document.getByteBuffer().remaining();
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

    private Outcome give(@Nullable Content content) {
        StreamEvent first = waiting.getFirst();
        if (content == Content.IMAGES && first.lacksImages()) {
            dropStream();
            return lost(new Resync(
                    Resync.Reason.NO_IMAGES, "the change of " + first.key() + " has no images, or none any more"));
        }
        List<CollectionChange> changes = new ArrayList<>();
        MongoPosition last = content == Content.LATEST ? latest.give(waiting, changes) : drain(content, changes);
        place = last;
        form = form.withByTime(false);
        return new Batch(changes, last.toPosition(), more || !waiting.isEmpty());
    }

    /** Gives all that waits, but for a change without images where they are wanted, and what comes behind it. */
    private MongoPosition drain(@Nullable Content content, List<CollectionChange> changes) {
        MongoPosition last = waiting.getFirst().place();
        while (!waiting.isEmpty()
                && !(content == Content.IMAGES && waiting.getFirst().lacksImages())) {
            StreamEvent event = waiting.removeFirst();
            last = event.place();
            if (content == Content.IMAGES) {
                changes.add(event.imaged(name.collection()));
            } else if (content != null) {
                changes.add(new CollectionChange(name.collection(), event.change(null, event.version())));
            }
        }
        return last;
    }

    /** The stream, opened if it is not; null if it can't continue the place. */
    private @Nullable MongoChangeStreamCursor<ChangeStreamDocument<RawBsonDocument>> open(MongoPosition from) {
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
        var opened = form.open(link, name, from, patience);
        synchronized (lock) {
            if (!closed) {
                stream = opened;
                return opened;
            }
        }
        opened.close();
        throw new CoreException(ErrorCode.CANCELED, doing + " ended: the reader is closed");
    }

    /**
     * Whether an error is one of the form of the stream, which is another now: the stream is opened anew behind what was
     * given. Each is met once at the most, until more has been given.
     */
    private boolean isMended(MongoException e, MongoPosition from) {
        StreamForm old = form;
        switch (e.getCode()) {
            case MongoErrors.UNKNOWN_STAGE, MongoErrors.NOT_IN_STABLE_API -> form = form.withoutSplits();
            case MongoErrors.TOO_LARGE, MongoErrors.FRAGMENT_TOO_LARGE -> {
                form = form.images() ? form.withOneByOne() : form;
            }
            case MongoErrors.CHANGE_STREAM_FATAL -> {
                if (fragments.isPending()) {
                    return true; // the driver has resumed within an event, and it is in other fragments now
                }
                form = form.splits() && from.token() != null ? form.withByTime(true) : form;
            }
            default -> {}
        }
        return !form.equals(old);
    }

    /** What an error means for the place; null where it says nothing of it. */
    private @Nullable Resync resync(MongoException e) {
        return switch (e.getCode()) {
            case MongoErrors.HISTORY_LOST ->
                new Resync(Resync.Reason.HISTORY_TRIMMED, "the servers' oplog has no changes of that long ago");
            case MongoErrors.CHANGE_STREAM_FATAL ->
                new Resync(Resync.Reason.OTHER_HISTORY, "the servers' oplog does not continue the position");
            case MongoErrors.INVALID_RESUME_TOKEN ->
                new Resync(Resync.Reason.NOT_A_POSITION, "the servers don't take the position's token");
            case MongoErrors.TOO_LARGE, MongoErrors.FRAGMENT_TOO_LARGE ->
                new Resync(
                        form.images() ? Resync.Reason.NO_IMAGES : Resync.Reason.OTHER_HISTORY,
                        "a change is too large for the servers to tell" + (form.images() ? " with its images" : ""));
            default -> null;
        };
    }

    private void begin() {
        synchronized (lock) {
            if (closed) {
                throw new CoreException(ErrorCode.CANCELED, doing + " ended: the reader is closed");
            }
            if (!counted) {
                link.takeFeed(doing);
                counted = true;
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
        fragments.clear();
        more = false;
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
            if (counted) {
                link.giveFeedBack();
                counted = false;
            }
            ended = reading == null ? stream : null;
            if (reading != null && !interrupted) {
                interrupted = true;
                reading.interrupt();
            }
        }
        close(ended);
    }
}
