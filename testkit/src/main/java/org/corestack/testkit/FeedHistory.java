package org.corestack.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Written;
import org.corestack.store.StoreCollection;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;

/**
 * All writes to one collection and all that its observers heard of them, in one place, so that each observer can be held
 * against what happened and not only against how it ended.
 *
 * <p>A test records its writes (by hand, or through a {@link RecordedCollection}) and watches through
 * {@link FeedObserver}s. When the writers have ended and the watches have covered what they wrote, {@link #verify} checks
 * every {@link Property}. Thread-safe; what is recorded while it is being verified may or may not be looked at.
 */
public final class FeedHistory {
    /** What must hold of every observer. */
    public enum Property {
        /** Within a session the versions of each key only grow. */
        ORDERED,
        /** No version of a key is written or, within a session, delivered twice; no two changes share a position. */
        UNIQUE,
        /**
         * Every confirmed write that the session's start does not cover and the last position it reached does was
         * delivered in it: by the very version, or by a later one of its key where the observer allows that. With a
         * filter, an insert may be left out if its document does not match or its key was written again. And a list
         * shows what its position covers.
         */
        COMPLETE,
        /**
         * A session that continues another starts at a position that covers only what the observer had by then, and
         * is not given again what its start covers.
         */
        RESUMABLE,
        /**
         * When a position is reached, by a bookmark or a change, everything that it covers has been delivered before
         * (where a later version stands for a write, that one need only come before a position that covers it);
         * and no position reached later covers less.
         */
        BOOKMARKED,
        /**
         * What a change or a list shows is what a recorded write did: the operation; a document that is not older than
         * the change, and absent only where it is gone since; the filter's judgement of such a document.
         */
        FAITHFUL
    }

    /**
     * What was found to be wrong.
     *
     * @param property which property is broken
     * @param observer by whose account, or which writer's
     * @param message with keys, versions and positions
     */
    public record Violation(Property property, String observer, String message) {
        @Override
        public String toString() {
            return property + " " + observer + ": " + message;
        }
    }

    /** A confirmed write; the operation and the document null where the writer does not know them. */
    record RecordedWrite(
            String writer,
            Key key,
            @Nullable Operation operation,
            @Nullable Document document,
            Written written) {
        long version() {
            return written.version();
        }

        @Override
        public String toString() {
            return (operation == null ? "write" : operation) + " of " + key + ", version " + version() + ", position "
                    + written.position() + ", by " + writer;
        }
    }

    private static final int SHOWN = 20;

    private final BiPredicate<Position, Position> covers;
    private final Queue<RecordedWrite> writes = new ConcurrentLinkedQueue<>();
    private final Set<Key> uncertain = ConcurrentHashMap.newKeySet();
    private final List<FeedObserver> observers = new CopyOnWriteArrayList<>();

    /**
     * An empty history.
     *
     * @param covers whether the first position covers the second, as {@link StoreCollection#covers}
     */
    public FeedHistory(BiPredicate<Position, Position> covers) {
        this.covers = covers;
    }

    /** An empty history of a collection. */
    public static FeedHistory of(StoreCollection collection) {
        return new FeedHistory(collection::covers);
    }

    /**
     * Records a confirmed write. A writer's own writes are to be recorded in the order in which it did them.
     *
     * @param writer a name for messages
     * @param operation what it did, null if the writer can't tell an insert from an update
     * @param document the whole document after it, null if it was deleted or the writer does not know
     */
    public void wrote(
            String writer, Key key, @Nullable Operation operation, @Nullable Document document, Written written) {
        writes.add(new RecordedWrite(writer, key, operation, document, written));
    }

    /**
     * Records that a write of a key may or may not have taken place, its writer having failed or died: what is
     * delivered of that key then need not be of a recorded write.
     */
    public void uncertain(Key key) {
        uncertain.add(key);
    }

    /**
     * Adds an observer that is to hear of every version.
     *
     * @param name a name for messages
     * @param options those of its watches; the filter, and whether there are documents, is looked at
     */
    public FeedObserver observer(String name, WatchOptions options) {
        return add(new FeedObserver(name, options, false));
    }

    /** Adds an observer as {@link #observer} does, for which a later version of a key stands for the earlier ones. */
    public FeedObserver coalescingObserver(String name, WatchOptions options) {
        return add(new FeedObserver(name, options, true));
    }

    private FeedObserver add(FeedObserver observer) {
        observers.add(observer);
        return observer;
    }

    /** How many confirmed writes have been recorded. */
    public int size() {
        return writes.size();
    }

    /** The positions of all confirmed writes so far: what a watch is to cover in the end. */
    public List<Position> positions() {
        return writes.stream().map(write -> write.written().position()).toList();
    }

    /** Everything that is wrong, empty if nothing is. */
    public List<Violation> violations() {
        RecordedWrites all = new RecordedWrites(List.copyOf(writes), Set.copyOf(uncertain), covers);
        List<Violation> found = new ArrayList<>(all.violations());
        observers.forEach(observer -> found.addAll(new ObserverCheck(all, observer).violations()));
        return found;
    }

    /**
     * Fails if anything is wrong, with a list of it.
     *
     * @throws AssertionError naming each violation, the first 20 of them
     */
    public void verify() {
        List<Violation> found = violations();
        if (!found.isEmpty()) {
            String list = found.stream().limit(SHOWN).map(one -> "\n  " + one).collect(Collectors.joining());
            throw new AssertionError(
                    "the history of " + writes.size() + " writes and " + observers.size() + " observers shows "
                            + found.size() + " violations:" + list + (found.size() > SHOWN ? "\n  …" : ""));
        }
    }
}
