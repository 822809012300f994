package org.corestack.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.testkit.FeedHistory.Property;
import org.corestack.testkit.FeedHistory.RecordedWrite;
import org.corestack.testkit.FeedHistory.Violation;
import org.jspecify.annotations.Nullable;

/** The writes of a history by key and version, and what must hold of them by themselves. Not thread-safe. */
final class RecordedWrites {
    private final List<RecordedWrite> writes;
    private final Set<Key> uncertain;
    private final BiPredicate<Position, Position> covers;
    private final Map<Key, NavigableMap<Long, RecordedWrite>> byKey = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    RecordedWrites(List<RecordedWrite> writes, Set<Key> uncertain, BiPredicate<Position, Position> covers) {
        this.writes = writes;
        this.uncertain = uncertain;
        this.covers = covers;
        Map<String, Map<Key, Long>> lastOfWriter = new HashMap<>();
        for (RecordedWrite write : writes) {
            RecordedWrite same =
                    byKey.computeIfAbsent(write.key(), key -> new TreeMap<>()).putIfAbsent(write.version(), write);
            if (same != null) {
                add(Property.UNIQUE, write, "the " + write + " got the version of the " + same);
            }
            Long last = lastOfWriter
                    .computeIfAbsent(write.writer(), writer -> new HashMap<>())
                    .put(write.key(), write.version());
            if (last != null && last > write.version()) {
                add(Property.ORDERED, write, "the " + write + " came after the writer's own version " + last);
            }
        }
    }

    private void add(Property property, RecordedWrite write, String message) {
        violations.add(new Violation(property, write.writer(), message));
    }

    List<Violation> violations() {
        return violations;
    }

    List<RecordedWrite> all() {
        return writes;
    }

    boolean covers(Position reached, Position position) {
        return covers.test(reached, position);
    }

    Set<Key> keys() {
        return byKey.keySet();
    }

    boolean isUncertain(Key key) {
        return uncertain.contains(key);
    }

    @Nullable
    RecordedWrite of(Key key, long version) {
        return byKey.getOrDefault(key, new TreeMap<>()).get(version);
    }

    /** The writes of a key from a version on. */
    Collection<RecordedWrite> since(Key key, long version) {
        return byKey.getOrDefault(key, new TreeMap<>()).tailMap(version, true).values();
    }

    /** The last write of a key that a position covers; null if there is none. */
    @Nullable
    RecordedWrite lastCovered(Key key, Position position) {
        return byKey.getOrDefault(key, new TreeMap<>()).descendingMap().values().stream()
                .filter(write -> covers(position, write.written().position()))
                .findFirst()
                .orElse(null);
    }

    /** Whether a document can be what a read finds that is made at or after a version of its key. */
    boolean canShow(Key key, long version, Document document) {
        return isUncertain(key)
                || since(key, version).stream()
                        .filter(write -> write.operation() != Operation.DELETE)
                        .anyMatch(write ->
                                write.document() == null || write.document().equals(document));
    }

    /** Whether a read that is made at or after a version of a key can find nothing. */
    boolean canBeGone(Key key, long version) {
        return isUncertain(key)
                || since(key, version).stream().anyMatch(write -> write.operation() == Operation.DELETE);
    }
}
