package org.corestack.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.testkit.FeedHistory.Property;
import org.corestack.testkit.FeedHistory.RecordedWrite;
import org.corestack.testkit.FeedHistory.Violation;
import org.jspecify.annotations.Nullable;

/** Holds one observer against the writes: its lists, and how its sessions continue them and each other. */
final class ObserverCheck {
    private final RecordedWrites writes;
    private final FeedObserver observer;
    private final List<Violation> violations = new ArrayList<>();
    // what the observer has had so far
    private @Nullable Position base;
    private final Map<Key, Long> listed = new HashMap<>();
    private final List<SessionCheck> earlier = new ArrayList<>();

    ObserverCheck(RecordedWrites writes, FeedObserver observer) {
        this.writes = writes;
        this.observer = observer;
    }

    List<Violation> violations() {
        for (FeedObserver.Step step : observer.steps()) {
            if (step instanceof FeedObserver.Listing listing) {
                check(listing);
                base = listing.position();
                listed.clear();
                listing.documents().forEach((key, stored) -> listed.put(key, stored.version()));
                earlier.clear();
            } else if (step instanceof FeedObserver.Session session) {
                checkStart(session);
                SessionCheck check = new SessionCheck(writes, observer, session, this::add);
                check.run();
                base = base == null ? session.from() : base;
                earlier.add(check);
            }
        }
        return violations;
    }

    private void add(Property property, String message) {
        violations.add(new Violation(property, observer.name(), message));
    }

    /** A start that covers a write which the observer has not had skips it. */
    private void checkStart(FeedObserver.Session session) {
        Position before = base;
        if (before == null) {
            return;
        }
        for (RecordedWrite write : writes.all()) {
            Position position = write.written().position();
            boolean skipped = writes.covers(session.from(), position) && !writes.covers(before, position);
            if (skipped && !had(write) && !isStoodFor(write, session.from())) {
                add(
                        Property.RESUMABLE,
                        "the session from " + session.from() + " starts behind the " + write
                                + ", which no earlier session was given");
            }
        }
    }

    /** Whether a later version, which a session from the position is still to be given, may stand for a write. */
    private boolean isStoodFor(RecordedWrite write, Position from) {
        return observer.coalescing()
                && writes.since(write.key(), write.version() + 1).stream()
                        .anyMatch(later -> !writes.covers(from, later.written().position()));
    }

    private boolean had(RecordedWrite write) {
        Long shown = listed.get(write.key());
        return (shown != null && shown >= write.version()) || earlier.stream().anyMatch(session -> session.had(write));
    }

    private void check(FeedObserver.Listing listing) {
        for (Key key : writes.keys()) {
            RecordedWrite last = writes.lastCovered(key, listing.position());
            StoredDocument shown = listing.documents().get(key);
            if (last != null && shown == null && !mayBeAbsent(listing, last)) {
                add(Property.COMPLETE, "the list at " + listing.position() + " lacks the " + last);
            }
            if (last != null && shown != null && shown.version() < last.version()) {
                add(
                        Property.COMPLETE,
                        "the list at " + listing.position() + " shows version " + shown.version() + " and not the "
                                + last);
            }
        }
        listing.documents().values().forEach(shown -> checkShown(listing, shown));
    }

    private boolean mayBeAbsent(FeedObserver.Listing listing, RecordedWrite last) {
        Filter filter = observer.options().filter();
        Document document = last.document();
        if (last.operation() == Operation.DELETE || writes.isUncertain(last.key())) {
            return true;
        }
        if (!filter.equals(Filter.all()) && (document == null || !filter.matches(last.key(), document))) {
            return true;
        }
        boolean changedSince = writes.since(last.key(), last.version() + 1).stream()
                .anyMatch(write -> write.operation() == Operation.DELETE || !filter.equals(Filter.all()));
        return !listing.exact() && changedSince;
    }

    private void checkShown(FeedObserver.Listing listing, StoredDocument shown) {
        RecordedWrite write = writes.of(shown.key(), shown.version());
        String what = "the list at " + listing.position() + " shows " + shown.key() + " of version " + shown.version();
        if (write == null) {
            if (!writes.isUncertain(shown.key())) {
                add(Property.FAITHFUL, what + ", which nobody wrote");
            }
            return;
        }
        if (listing.exact()
                && !writes.covers(listing.position(), write.written().position())) {
            add(Property.FAITHFUL, what + ", which its position does not cover");
        }
        if (write.document() != null && !write.document().equals(shown.document())) {
            add(Property.FAITHFUL, what + " as " + shown.document() + ", and it was written as " + write.document());
        }
        if (!observer.options().filter().matches(shown.key(), shown.document())) {
            add(Property.FAITHFUL, what + ", which does not match the filter");
        }
    }
}
