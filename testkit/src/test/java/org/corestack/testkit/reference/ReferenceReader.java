package org.corestack.testkit.reference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** Reads the log, at most {@value #BATCH} changes at a time. */
final class ReferenceReader implements ChangeReader {
    private static final int BATCH = 50;
    /** How long documents that have expired may stay where nobody but this reader asks. */
    private static final long SWEEP_MILLIS = 20;

    private final ReferenceEngine engine;
    private final String prefix;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Position at;

    ReferenceReader(ReferenceEngine engine, String prefix, Position from) {
        this.engine = engine;
        this.prefix = prefix;
        this.at = from;
        engine.database().faults().readerOpened();
    }

    @Override
    public Outcome next(Map<String, Content> interest, Duration wait) {
        long until = System.nanoTime() + wait.toNanos();
        ReferenceDatabase database = engine.database();
        try {
            database.faults().awaitEndOfStall(this::isEnded);
            checkOpen();
            database.faults().beforeRead();
            ReferencePosition place = database.place(at);
            if (place == null) {
                return new Lost(new Resync(Resync.Reason.NOT_A_POSITION, "'" + at + "' is no position"));
            }
            synchronized (database) {
                while (!isEnded() && System.nanoTime() < until) {
                    if (!database.history().equals(place.history())) {
                        break;
                    }
                    List<ReferenceDatabase.Logged> behind = database.behind(place.number());
                    if (behind == null || !behind.isEmpty()) {
                        break;
                    }
                    long left = Math.max(1, (until - System.nanoTime()) / 1_000_000);
                    database.wait(database.expires() ? Math.min(left, SWEEP_MILLIS) : left);
                }
                return read(database, place, interest);
            }
        } catch (InterruptedException e) {
            throw CoreException.interrupted("the read of the feed was interrupted", e);
        }
    }

    private Outcome read(ReferenceDatabase database, ReferencePosition place, Map<String, Content> interest) {
        checkOpen();
        if (!database.history().equals(place.history())) {
            return new Lost(new Resync(Resync.Reason.OTHER_HISTORY, "the position is of another database"));
        }
        List<ReferenceDatabase.Logged> behind = database.behind(place.number());
        if (behind == null) {
            return new Lost(new Resync(Resync.Reason.HISTORY_TRIMMED, "the position is behind the trim"));
        }
        List<ReferenceDatabase.Logged> batch = behind.subList(0, Math.min(BATCH, behind.size()));
        List<CollectionChange> changes = new ArrayList<>();
        for (ReferenceDatabase.Logged logged : batch) {
            if (logged.collection().startsWith(prefix)) {
                String collection = logged.collection().substring(prefix.length());
                Content content = interest.get(collection);
                if (content == Content.IMAGES && logged.images() == null) {
                    return new Lost(new Resync(Resync.Reason.NO_IMAGES, "no images were kept of " + logged.key()));
                }
                if (content != null) {
                    Change change = change(database, logged, content);
                    boolean spoiled =
                            change.document() != null && database.isSpoiled(logged.collection(), change.key());
                    changes.add(spoiled ? unreadable(collection, change) : new CollectionChange(collection, change));
                }
            }
        }
        if (!batch.isEmpty()) {
            at = database.position(batch.get(batch.size() - 1).number());
        }
        return new Batch(changes, at, batch.size() < behind.size());
    }

    private static CollectionChange unreadable(String collection, Change change) {
        Change bare = new Change(
                change.key(),
                change.operation(),
                null,
                change.version(),
                change.time(),
                change.source(),
                change.position());
        return new CollectionChange(collection, bare, CoreException.unsupported("the document is spoiled"));
    }

    private static Change change(ReferenceDatabase database, ReferenceDatabase.Logged logged, Content content) {
        ReferenceDatabase.Images images = content == Content.IMAGES ? logged.images() : null;
        @Nullable Document document = images == null ? null : images.after();
        if (content == Content.LATEST && logged.operation() != Change.Operation.DELETE) {
            document = database.find(logged.collection(), logged.key())
                    .map(StoredDocument::document)
                    .orElse(null);
        }
        return new Change(
                logged.key(),
                logged.operation(),
                images == null ? null : images.before(),
                document,
                logged.version(),
                logged.time(),
                logged.source(),
                database.position(logged.number()));
    }

    private boolean isEnded() {
        return closed.get();
    }

    private void checkOpen() {
        if (isEnded()) {
            throw new CoreException(ErrorCode.CANCELED, "the reader of the feed is closed");
        }
        engine.begin("the read of the feed", Deadline.in(Duration.ofSeconds(1)));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.database().faults().readerClosed();
            engine.database().wake();
        }
    }
}
