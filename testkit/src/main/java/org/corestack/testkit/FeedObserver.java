package org.corestack.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.corestack.document.Change;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;

/**
 * One who lists and watches a collection, in one session after the other, with all that it was given. Made by
 * {@link FeedHistory#observer}. Thread-safe.
 */
public final class FeedObserver {
    /** What an observer did: list, or watch for a while. */
    sealed interface Step {}

    /** A list and the position it continues from. */
    record Listing(Position position, Map<Key, StoredDocument> documents, boolean exact) implements Step {}

    /** A watch from a position, and what it delivered, in order. */
    record Session(Position from, List<Event> events) implements Step {}

    /** Something a watch delivered. */
    sealed interface Event {
        /** The position that was reached by it. */
        Position position();
    }

    /** A change that the listener took. */
    record Delivered(Change change) implements Event {
        @Override
        public Position position() {
            return change.position();
        }
    }

    /** A bookmark. */
    record Bookmarked(Position position) implements Event {}

    private final String name;
    private final WatchOptions options;
    private final boolean coalescing;
    private final List<Step> steps = new CopyOnWriteArrayList<>();

    FeedObserver(String name, WatchOptions options, boolean coalescing) {
        this.name = name;
        this.options = options;
        this.coalescing = coalescing;
    }

    /** The name for messages. */
    public String name() {
        return name;
    }

    WatchOptions options() {
        return options;
    }

    boolean coalescing() {
        return coalescing;
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    /**
     * Records a list.
     *
     * @param position the list's
     * @param documents what it shows, with the observer's filter
     * @param exact whether it is the state at the position, see
     *     {@link org.corestack.store.spi.Capability#EXACT_SNAPSHOT}; if not, it may show later writes
     */
    public void listed(Position position, Iterable<StoredDocument> documents, boolean exact) {
        Map<Key, StoredDocument> shown = new LinkedHashMap<>();
        documents.forEach(document -> shown.put(document.key(), document));
        steps.add(new Listing(position, shown, exact));
    }

    /**
     * Begins a session.
     *
     * @param from the position that the watch is started from
     * @return the listener to give to that watch, and to no other
     */
    public WatchListener from(Position from) {
        return from(from, change -> {});
    }

    /**
     * Begins a session whose changes a listener of the test's own is given too. A change counts as delivered once that
     * listener has returned.
     *
     * @param from the position that the watch is started from
     * @return the listener to give to that watch, and to no other
     */
    public WatchListener from(Position from, WatchListener listener) {
        Recorder recorder = new Recorder(from, listener);
        steps.add(recorder.session);
        return recorder;
    }

    /** Writes down one session. A watch calls it from one thread at a time; the check may read from another. */
    private static final class Recorder implements WatchListener {
        private final Session session;
        private final WatchListener then;

        Recorder(Position from, WatchListener then) {
            this.session = new Session(from, Collections.synchronizedList(new ArrayList<>()));
            this.then = then;
        }

        @Override
        public void onChange(Change change) throws Exception {
            then.onChange(change);
            session.events().add(new Delivered(change));
        }

        @Override
        public void onBookmark(Position position) throws Exception {
            session.events().add(new Bookmarked(position));
            then.onBookmark(position);
        }

        @Override
        public void onResync(Resync resync) throws Exception {
            then.onResync(resync);
        }

        @Override
        public void onFailure(CoreException error) {
            then.onFailure(error);
        }

        @Override
        public void onStopped(CoreException reason) {
            then.onStopped(reason);
        }
    }
}
