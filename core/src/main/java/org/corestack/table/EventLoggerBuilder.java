package org.corestack.table;

import static org.corestack.table.Arguments.notNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.store.Store;
import org.corestack.store.StoreCollection;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how an {@link EventLogger} works. Not thread-safe; starts one each time that {@link #toLog} or {@link #toTrail} is
 * called.
 *
 * @param <E> the type of the entries, {@link org.corestack.document.Document} where documents are logged
 */
public final class EventLoggerBuilder<E> {
    private static final int ATTEMPTS = 60;

    private final StoreCollection collection;
    private final String path;
    private final @Nullable TableMapping<?, E> mapping;
    private final List<FieldPath> secrets = new ArrayList<>();
    private @Nullable Function<? super E, String> text;
    private @Nullable Position from;
    private @Nullable Instant since;
    private @Nullable Duration retention;
    private boolean images;
    private int attempts = ATTEMPTS;
    private Consumer<CoreException> stopped = reason -> {};

    EventLoggerBuilder(StoreCollection collection, String path, @Nullable TableMapping<?, E> mapping) {
        this.collection = collection;
        this.path = path;
        this.mapping = mapping;
    }

    /** Begins behind a position instead of now. A trail that was begun goes on where it is, whatever is said here. */
    public EventLoggerBuilder<E> from(Position position) {
        this.from = notNull(position, "position");
        return this;
    }

    /**
     * Begins with the changes made at a time, by the database's clock, instead of now; earlier ones are not written. A trail
     * that was begun goes on where it is. Where the history of changes does not reach that far the logger stops at once.
     */
    public EventLoggerBuilder<E> from(Instant time) {
        this.since = notNull(time, "time");
        return this;
    }

    /**
     * Writes {@code <hidden>} instead of the values of a field; see {@link Secret} for saying so at the type.
     *
     * @throws CoreException INVALID_ARGUMENT if the type has no such field, or it is the key
     */
    public EventLoggerBuilder<E> secret(Field<? super E, ?> field) {
        if (mapping == null) {
            throw CoreException.invalidArgument("documents have no fields of a type; name the secret one by its path");
        }
        return secret(mapping.fields().resolve(notNull(field, "field")).path());
    }

    /**
     * Writes {@code <hidden>} instead of the values at a path, within the elements of lists too.
     *
     * @throws CoreException INVALID_ARGUMENT if it is one of the key, which is always written
     */
    public EventLoggerBuilder<E> secret(FieldPath field) {
        if (notNull(field, "field").root() != FieldPath.Root.DOCUMENT) {
            throw CoreException.invalidArgument("the key is always logged, so that " + field + " can't be secret");
        }
        secrets.add(field);
        return this;
    }

    /** Has entries told by a text of one's own; in a trail it stands beside the document. What it throws stops the logger. */
    public EventLoggerBuilder<E> text(Function<? super E, String> telling) {
        this.text = notNull(telling, "telling");
        return this;
    }

    /**
     * Writes the documents right before and right after each change, instead of the latest. The collection has to keep them
     * ({@link StoreCollection#keepImages}), and to have kept them since the position at which the logger begins.
     */
    public EventLoggerBuilder<E> images() {
        this.images = true;
        return this;
    }

    /**
     * Lets the documents of a trail go some time after their changes; by default they stay.
     *
     * @param age whole seconds, at least one
     */
    public EventLoggerBuilder<E> retention(Duration age) {
        this.retention = notNull(age, "age");
        return this;
    }

    /**
     * How often a change is tried to be written, with growing pauses of up to 5 s, before the logger stops; 60 by default,
     * some five minutes.
     *
     * @throws CoreException INVALID_ARGUMENT if it is not positive
     */
    public EventLoggerBuilder<E> attempts(int most) {
        if (most < 1) {
            throw CoreException.invalidArgument("attempts is " + most + "; it must be at least 1");
        }
        this.attempts = most;
        return this;
    }

    /** Hears of it when the logger has stopped by itself. */
    public EventLoggerBuilder<E> onStopped(Consumer<CoreException> listener) {
        this.stopped = notNull(listener, "listener");
        return this;
    }

    /**
     * Starts to write each change as a line, at level INFO, of the SLF4J logger {@code corestack.events.STORE.COLLECTION}.
     *
     * @return the logger, to be closed
     */
    public EventLogger toLog() {
        return toLog(LoggerFactory.getLogger("corestack.events." + path));
    }

    /**
     * Starts to write each change as a line of an SLF4J logger, at level INFO. Lines are written at least once.
     *
     * @return the logger, to be closed
     */
    public EventLogger toLog(Logger log) {
        return EventLogger.start(collection, begin(), options(), form(), new LogSink(notNull(log, "log")), stopped);
    }

    /**
     * Starts to write each change as a document of a collection, once, and goes on where the trail ended if it was begun.
     *
     * @param store where the trail is, and the collection {@code corestack-events}, in which it is kept how far it has come
     * @param name the name of the trail; several collections can share one
     * @return the logger, to be closed
     * @throws CoreException ALREADY_EXISTS if the trail has another retention; INVALID_ARGUMENT if the trail is the collection
     *     itself
     */
    public EventLogger toTrail(Store store, String name) {
        if (path.equals(notNull(store, "store").name() + "." + notNull(name, "name"))) {
            throw CoreException.invalidArgument(path + " can't be its own trail: each event would be a change of it");
        }
        TrailSink sink = new TrailSink(store.collection(name), store.collection(EventLogger.POSITIONS), path);
        if (retention != null) {
            sink.retain(retention);
        }
        return EventLogger.start(collection, begin(), options(), form(), sink, stopped);
    }

    private EventLogger.Begin begin() {
        return new EventLogger.Begin(from, since);
    }

    private WatchOptions options() {
        WatchOptions options = WatchOptions.ofDefaults().withPoison(attempts, WatchOptions.Poison.STOP);
        return images ? options.withExactImages() : options;
    }

    @SuppressWarnings("unchecked") // without a mapping E is Document
    private EventForm<E> form() {
        TableMapping<?, E> types = mapping;
        return types == null
                ? new EventForm<>(
                        path, (key, document) -> (E) document, (key, value) -> (Document) value, secrets, text)
                : new EventForm<>(
                        path, types.entries()::toValue, types.entries().forEvents(), secrets, text);
    }
}
