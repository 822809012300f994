package org.corestack.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.testkit.FeedHistory.Property;
import org.corestack.testkit.FeedHistory.RecordedWrite;
import org.jspecify.annotations.Nullable;

/** Holds one session of an observer against the writes. Not thread-safe. */
final class SessionCheck {
    private final RecordedWrites writes;
    private final FeedObserver observer;
    private final Filter filter;
    private final Position from;
    private final List<FeedObserver.Event> events;
    private final BiConsumer<Property, String> violations;
    /** Of each key the versions, with the index of the event that delivered them first. */
    private final Map<Key, NavigableMap<Long, Integer>> delivered = new HashMap<>();

    SessionCheck(
            RecordedWrites writes,
            FeedObserver observer,
            FeedObserver.Session session,
            BiConsumer<Property, String> violations) {
        this.writes = writes;
        this.observer = observer;
        this.filter = observer.options().filter();
        this.from = session.from();
        synchronized (session.events()) {
            this.events = new ArrayList<>(session.events());
        }
        this.violations = violations;
    }

    private void add(Property property, String message) {
        violations.accept(property, "in the session from " + from + " " + message);
    }

    void run() {
        checkOrder();
        boolean forward = checkReached();
        for (FeedObserver.Event event : events) {
            if (event instanceof FeedObserver.Delivered one) {
                checkContent(one.change());
            }
        }
        if (forward) {
            writes.all().forEach(this::checkDelivered);
        }
    }

    /** Whether a write was delivered in this session, or stands for one that was not to be. */
    boolean had(RecordedWrite write) {
        return deliveredAt(write) != null || mayBeLeftOut(write);
    }

    private void checkOrder() {
        Map<Key, Long> last = new HashMap<>();
        Map<Position, Change> positions = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof FeedObserver.Delivered one) {
                Change change = one.change();
                Long before = last.put(change.key(), change.version());
                Integer first = delivered
                        .computeIfAbsent(change.key(), key -> new TreeMap<>())
                        .putIfAbsent(change.version(), i);
                if (first != null) {
                    add(Property.UNIQUE, "the change " + text(change) + " came twice");
                } else if (before != null && before > change.version()) {
                    add(Property.ORDERED, "the change " + text(change) + " came after version " + before);
                }
                Change other = positions.put(change.position(), change);
                if (other != null && first == null) {
                    add(Property.UNIQUE, "the changes " + text(other) + " and " + text(change) + " share a position");
                }
                if (writes.covers(from, change.position())) {
                    add(Property.RESUMABLE, "the change " + text(change) + " came, which the start covers");
                }
            }
        }
    }

    private static String text(Change change) {
        return change.operation() + " of " + change.key() + ", version " + change.version() + ", position "
                + change.position();
    }

    /** Whether each position covers the one before it, on which the search in {@link #checkDelivered} rests. */
    private boolean checkReached() {
        Position before = from;
        for (FeedObserver.Event event : events) {
            if (!writes.covers(event.position(), before)) {
                add(
                        Property.BOOKMARKED,
                        "the position " + event.position() + " was reached after " + before
                                + ", which it does not cover");
                return false;
            }
            before = event.position();
        }
        return true;
    }

    private void checkContent(Change change) {
        RecordedWrite write = writes.of(change.key(), change.version());
        if (write == null && !writes.isUncertain(change.key())) {
            add(Property.FAITHFUL, "the change " + text(change) + " came, which nobody wrote");
            return;
        }
        Operation operation = change.operation();
        if (write != null
                && write.operation() != null
                && operation != write.operation()
                && operation != Operation.LEFT) {
            add(Property.FAITHFUL, "the change " + text(change) + " came of the " + write);
        }
        Document document = change.document();
        if (operation == Operation.LEFT) {
            checkLeft(change);
        } else if (document != null && operation == Operation.DELETE) {
            add(Property.FAITHFUL, "the change " + text(change) + " came with a document");
        } else if (document != null) {
            checkShown(change, document);
        } else if (operation != Operation.DELETE
                && !observer.options().keysOnly()
                && !writes.canBeGone(change.key(), change.version())) {
            add(Property.FAITHFUL, "the change " + text(change) + " came without its document");
        }
    }

    private void checkShown(Change change, Document document) {
        if (observer.options().keysOnly()) {
            add(Property.FAITHFUL, "the change " + text(change) + " came with a document, and keys were asked for");
        }
        if (!filter.matches(change.key(), document)) {
            add(Property.FAITHFUL, "the change " + text(change) + " came with " + document + ", not as LEFT");
        }
        if (!writes.canShow(change.key(), change.version(), document)) {
            add(
                    Property.FAITHFUL,
                    "the change " + text(change) + " came with " + document + ", which is older or no one's");
        }
    }

    private void checkLeft(Change change) {
        boolean canFail = writes.canBeGone(change.key(), change.version())
                || writes.since(change.key(), change.version()).stream()
                        .anyMatch(write -> write.document() == null || !filter.matches(write.key(), write.document()));
        if (filter.equals(Filter.all()) || !canFail) {
            add(Property.FAITHFUL, "the change " + text(change) + " came, and the document matches the filter");
        }
    }

    private void checkDelivered(RecordedWrite write) {
        Position position = write.written().position();
        if (events.isEmpty()
                || !writes.covers(events.get(events.size() - 1).position(), position)
                || writes.covers(from, position)) {
            return;
        }
        int reached = firstCovering(position);
        Integer at = deliveredAt(write);
        if (at == null && !mayBeLeftOut(write)) {
            add(
                    Property.COMPLETE,
                    "the " + write + " did not come, and the position "
                            + events.get(events.size() - 1).position() + " covers it");
        } else if (at != null && at > reached && isVersion(events.get(at), write.version())) {
            add(
                    Property.BOOKMARKED,
                    "the position " + events.get(reached).position() + " was reached before the " + write
                            + " came, which it covers");
        }
    }

    /** Not so where a later version stands for the write: that is not covered yet, so nothing is lost. */
    private static boolean isVersion(FeedObserver.Event event, long version) {
        return event instanceof FeedObserver.Delivered one && one.change().version() == version;
    }

    private int firstCovering(Position position) {
        int low = 0;
        int high = events.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (writes.covers(events.get(middle).position(), position)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private @Nullable Integer deliveredAt(RecordedWrite write) {
        NavigableMap<Long, Integer> versions = delivered.getOrDefault(write.key(), new TreeMap<>());
        if (!observer.coalescing()) {
            return versions.get(write.version());
        }
        return versions.tailMap(write.version(), true).values().stream()
                .min(Integer::compare)
                .orElse(null);
    }

    /** An insert that no watcher with the filter needs to hear of. */
    private boolean mayBeLeftOut(RecordedWrite write) {
        boolean insert = write.operation() == null || write.operation() == Operation.INSERT;
        Document document = write.document();
        return insert
                && !filter.equals(Filter.all())
                && (document == null
                        || !filter.matches(write.key(), document)
                        || writes.isUncertain(write.key())
                        || !writes.since(write.key(), write.version() + 1).isEmpty());
    }
}
