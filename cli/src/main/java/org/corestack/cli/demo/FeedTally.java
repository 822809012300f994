package org.corestack.cli.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.corestack.cli.demo.register.Description;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.table.EntryChange;
import org.corestack.table.EntryListener;
import org.jspecify.annotations.Nullable;

/**
 * What the feeds of both tables of results tell: how far the work is, who did what, and which description was written
 * more than once. Thread-safe.
 */
final class FeedTally {
    private final int records;
    // all guarded by this
    private final Map<String, History> descriptions = new HashMap<>();
    private final Map<String, Integer> groupSizes = new HashMap<>();
    private final Map<String, Long> resultsBySource = new HashMap<>();
    private final Map<String, Long> firstNanosBySource = new HashMap<>();
    private long members;
    private long described;
    private long events;
    private long changedAt = System.nanoTime();
    private @Nullable String gap;

    private static final class History {
        private long version;
        private int writes = 1;

        History(long version) {
            this.version = version;
        }
    }

    /** A tally of an empty register that is to describe so many records. */
    FeedTally(int records) {
        this.records = records;
    }

    /** Takes in a description that was there before the feed began. */
    synchronized void hadDescription(String key, long version) {
        descriptions.put(key, new History(version));
    }

    /** Takes in a group that was there before the feed began. */
    synchronized void hadGroup(String skeleton, LookalikeGroup group) {
        grouped(skeleton, group);
    }

    /** Hears of the changes of {@code descriptions}. */
    EntryListener<String, Description> descriptionListener() {
        return new Listener<>() {
            @Override
            public void onChange(EntryChange<String, Description> change) {
                described(change);
            }
        };
    }

    /** Hears of the changes of {@code lookalikes}. */
    EntryListener<String, LookalikeGroup> groupListener() {
        return new Listener<>() {
            @Override
            public void onChange(EntryChange<String, LookalikeGroup> change) {
                grouped(change.key(), change.value());
            }
        };
    }

    private synchronized void described(EntryChange<String, Description> change) {
        History history = descriptions.get(change.key());
        if (history != null && change.version() <= history.version) {
            return; // told again after a reconnection
        }
        changedAt = System.nanoTime();
        if (history == null) {
            descriptions.put(change.key(), new History(change.version()));
        } else {
            history.version = change.version();
            history.writes++;
        }
        if (change.operation() == Operation.INSERT) {
            described++;
            String source = String.valueOf(change.source());
            resultsBySource.merge(source, 1L, Long::sum);
            firstNanosBySource.putIfAbsent(source, changedAt);
        }
        wake();
    }

    private synchronized void grouped(String skeleton, @Nullable LookalikeGroup group) {
        int size = group == null ? 0 : group.members().size();
        Integer before = groupSizes.put(skeleton, size);
        members += size - (before == null ? 0 : before);
        changedAt = System.nanoTime();
        wake();
    }

    private synchronized void missed(String what) {
        gap = what;
        wake();
    }

    /** How many records have a description. */
    synchronized int done() {
        return descriptions.size();
    }

    /** How many descriptions were inserted since the feed began. */
    synchronized long described() {
        return described;
    }

    /** How many descriptions a replica has inserted. */
    synchronized long results(String source) {
        return resultsBySource.getOrDefault(source, 0L);
    }

    /** When a replica's first description was heard of, by {@link System#nanoTime}. */
    synchronized Optional<Long> firstResultNanos(String source) {
        return Optional.ofNullable(firstNanosBySource.get(source));
    }

    /** Whether each record has a description and is in a group. */
    synchronized boolean isComplete() {
        return descriptions.size() >= records && members >= records;
    }

    /** For how long there has been no change. */
    synchronized Duration quiet() {
        return Duration.ofNanos(System.nanoTime() - changedAt);
    }

    /** How many keys had their description created or changed more than once. */
    synchronized long duplicates() {
        return descriptions.values().stream()
                .filter(history -> history.writes > 1)
                .count();
    }

    /** Why the history that the feed told has a gap, so that it proves nothing; empty if it has none. */
    synchronized Optional<String> gap() {
        return Optional.ofNullable(gap);
    }

    private void wake() {
        events++;
        notifyAll();
    }

    /** Waits for a change, for a short time at the most. */
    synchronized void awaitChange(Duration atMost) throws InterruptedException {
        long seen = events;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (events == seen && System.nanoTime() < deadline) {
            wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }

    private abstract class Listener<E> implements EntryListener<String, E> {
        @Override
        public void onUnreadable(Change change, CoreException error) {
            missed(error.getMessage());
        }

        @Override
        public void onResync(Resync resync) {
            missed(resync.message());
        }
    }
}
