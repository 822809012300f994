package org.corestack.table;

import static org.corestack.table.Arguments.notNull;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.Store;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each change of a collection to a log, or to another collection as a durable trail: what happened to which
 * document, when, and who made it. Thread-safe; works on a thread of its own until closed.
 *
 * <p>In a trail each change is once, with no gap, through crashes of this process and of the database; a log has each at
 * least once from where it began. Where it can't go on, because a change can't be written or the history of changes is gone,
 * it stops: the log says so, {@link #checkHealth} fails, and the listener hears of it. It never passes a change over.
 *
 * <p>Changes carry the document as it is when they are read, never older than the change: two quick changes may both show
 * the second document. With {@link EventLoggerBuilder#images} they carry those right before and right after them.
 */
public final class EventLogger implements AutoCloseable {
    /** The name of the collection in which it is kept how far the trails of a store have come. */
    public static final String POSITIONS = "corestack-events";

    private static final Logger LOG = LoggerFactory.getLogger(EventLogger.class);

    private final String path;
    private final EventSink sink;
    private final AtomicReference<@Nullable CoreException> reason;
    private final Watch watch;

    private EventLogger(String path, EventSink sink, AtomicReference<@Nullable CoreException> reason, Watch watch) {
        this.path = path;
        this.sink = sink;
        this.reason = reason;
        this.watch = watch;
    }

    /** A logger of the changes of a table's entries, to be set up and started. */
    public static <K, E> EventLoggerBuilder<E> of(Table<K, E> table) {
        TableMapping<K, E> mapping = notNull(table, "table").mapping();
        return new EventLoggerBuilder<>(table.collection(), mapping.path(), mapping);
    }

    /**
     * A logger of the changes of a collection's documents, to be set up and started.
     *
     * @param store the collection's store
     * @param name the collection's name
     */
    public static EventLoggerBuilder<Document> of(Store store, String name) {
        StoreCollection collection = notNull(store, "store").collection(notNull(name, "name"));
        return new EventLoggerBuilder<>(collection, store.name() + "." + name, null);
    }

    /**
     * Where a logger begins.
     *
     * @param from behind which position; null for now, or for the time
     * @param since which time changes must have; null for any
     */
    record Begin(@Nullable Position from, @Nullable Instant since) {
        Position position(StoreCollection collection) {
            if (from != null) {
                return from;
            }
            return since == null ? collection.position() : collection.position(since);
        }

        boolean leavesOut(Change change) {
            return since != null && change.time().isBefore(since);
        }
    }

    static EventLogger start(
            StoreCollection collection,
            Begin where,
            WatchOptions options,
            EventForm<?> form,
            EventSink sink,
            Consumer<CoreException> stopped) {
        Optional<Position> saved = sink instanceof TrailSink trail ? trail.saved() : Optional.empty();
        Position begin = saved.orElseGet(() -> where.position(collection));
        if (sink instanceof TrailSink trail && saved.isEmpty()) {
            trail.save(begin); // so that a crash before the first change loses nothing
        }
        AtomicReference<@Nullable CoreException> reason = new AtomicReference<>();
        Watch watch = collection.watch(options.withFrom(begin), new Listener(where, form, sink, reason, stopped));
        return new EventLogger(form.path(), sink, reason, watch);
    }

    private record Listener(
            Begin begin,
            EventForm<?> form,
            EventSink sink,
            AtomicReference<@Nullable CoreException> reason,
            Consumer<CoreException> stopped)
            implements WatchListener {
        @Override
        public void onChange(Change change) {
            if (!begin.leavesOut(change)) {
                sink.write(form.of(change));
            }
        }

        @Override
        public void onBookmark(Position position) {
            sink.reached(position);
        }

        @Override
        public void onResync(Resync resync) {
            stop(new CoreException(
                    ErrorCode.DATA_LOSS,
                    "the event logger of " + form.path() + " has stopped, as changes since its position are not known"
                            + " any more: " + resync.message()));
        }

        @Override
        public void onStopped(CoreException failure) {
            stop(new CoreException(
                    ErrorCode.of(failure),
                    "the event logger of " + form.path() + " has stopped, as an event could not be written",
                    failure));
        }

        private void stop(CoreException why) {
            reason.set(why);
            LOG.error("{}", why.getMessage(), why);
            stopped.accept(why);
        }
    }

    /** Up to where all changes have been written. */
    public Position position() {
        return watch.position();
    }

    /**
     * Whether the change or write at a position has been written.
     *
     * @param position such as a {@code Written}'s
     */
    public boolean covers(Position position) {
        return watch.covers(notNull(position, "position"));
    }

    /**
     * Returns if the logger is at work.
     *
     * @throws CoreException saying why it has stopped; FAILED_PRECONDITION if it was closed
     */
    public void checkHealth() {
        CoreException why = reason.get();
        if (why != null) {
            throw new CoreException(why.code(), why.getMessage(), why);
        }
        if (!watch.isOpen()) {
            throw CoreException.failedPrecondition("the event logger of " + path + " is closed");
        }
    }

    /** Ends the logger, and keeps how far it has come. Idempotent, never throws. */
    @Override
    public void close() {
        watch.close();
        if (sink instanceof TrailSink trail && reason.get() == null) {
            try {
                trail.flush();
            } catch (CoreException e) {
                LOG.warn("the position of the trail of {} is not saved; some events are read again", path, e);
            }
        }
    }
}
