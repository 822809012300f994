package org.corestack.cli.replicate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.store.CollectionSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * One collection on its way: first its list is written, then the changes since. Not thread-safe.
 *
 * <p>A change is written as the document that the source has when it is written, or as its deletion where it has none:
 * never older than the change, so that doing it again, or for changes that the list shows already, does no harm.
 */
final class CollectionCopy implements AutoCloseable {
    private static final long SAVE_NANOS = 1_000_000_000;

    private final Pair pair;
    private final Ledger ledger;
    private final CopyWriter writer;
    private final Patience patience;
    private final Semaphore arrivals;
    private Ledger.@Nullable Row begun;
    private @Nullable Position written;
    private @Nullable Tail tail;
    private boolean listed;
    private boolean unsaved;
    private long savedAt;

    /** Hears of what is written. */
    interface Meter {
        /** So many documents of the list are written, or were found to be. */
        void listed(int documents);

        /** So many changes are written. */
        void changed(int documents);
    }

    /**
     * A copy to go on with.
     *
     * @param begun from where; null to begin
     * @param arrivals gets a permit when there is something to write
     */
    CollectionCopy(Pair pair, Ledger ledger, Ledger.@Nullable Row begun, Patience patience, Semaphore arrivals) {
        this.pair = pair;
        this.ledger = ledger;
        this.begun = begun;
        this.patience = patience;
        this.arrivals = arrivals;
        this.writer = new CopyWriter(pair.to(), pair.path());
    }

    Pair pair() {
        return pair;
    }

    boolean isListed() {
        return listed;
    }

    /** Writes the list, or what is left of it, and begins to watch where it ends. */
    void list(Meter meter) {
        close();
        Position position = patience.until(() -> writeList(meter));
        ledger.save(pair.from().name(), Ledger.Phase.FEED, position);
        begun = null;
        written = position;
        tail = new Tail(pair.from(), position, arrivals);
        listed = true;
    }

    private Position writeList(Meter meter) {
        Ledger.Row row = begun;
        if (row != null && row.phase() == Ledger.Phase.FEED) {
            return row.position();
        }
        if (row != null && row.phase() == Ledger.Phase.LIST) {
            // What was written before has not changed since, or the feed tells of it.
            try (Stream<StoredDocument> all = pair.from().stream(Filter.all(), FindOptions.ofDefaults())) {
                Batches.documents(all.iterator(), batch -> settle(batch, meter));
            }
            return row.position();
        }
        boolean compare = row != null;
        try (CollectionSnapshot snapshot = pair.from().snapshot(Filter.all())) {
            Position position = snapshot.position();
            Ledger.Phase phase = compare ? Ledger.Phase.COMPARE : Ledger.Phase.LIST;
            // Before the first document, so that whoever finds a part of the copy knows what it is.
            ledger.save(pair.from().name(), phase, position);
            begun = new Ledger.Row("", phase, position);
            Batches.documents(snapshot.iterator(), batch -> {
                if (compare) {
                    settle(batch, meter);
                } else {
                    patience.succeeded();
                    writer.insert(batch);
                    meter.listed(batch.size());
                }
            });
            if (compare) {
                deleteWhatIsGone();
            }
            return position;
        }
    }

    private void settle(List<StoredDocument> batch, Meter meter) {
        Map<Key, @Nullable Document> wanted = new LinkedHashMap<>();
        batch.forEach(document -> wanted.put(document.key(), document.document()));
        writer.settle(wanted);
        patience.succeeded();
        meter.listed(batch.size());
    }

    private void deleteWhatIsGone() {
        Batches.small(Pair.keys(pair.to()), keys -> {
            Map<Key, @Nullable Document> gone = new LinkedHashMap<>();
            keys.forEach(key -> gone.put(key, null));
            Pair.keys(pair.from(), keys).forEach(gone::remove);
            if (!gone.isEmpty()) {
                writer.settle(gone);
            }
        });
    }

    /** Writes what has changed, if something has and it is listed already; gives whether there was something. */
    boolean pump(Meter meter) {
        Tail feed = tail;
        if (feed == null) {
            return false;
        }
        List<Tail.Step> steps = feed.take();
        if (!steps.isEmpty()) {
            int changes = patience.until(() -> write(steps));
            written = steps.get(steps.size() - 1).position();
            unsaved = true;
            meter.changed(changes);
        }
        if (feed.lost() != null) {
            // Some changes are not known any more: what they did is found by comparing.
            begun = new Ledger.Row("", Ledger.Phase.COMPARE, Objects.requireNonNull(written));
            ledger.save(pair.from().name(), Ledger.Phase.COMPARE, begun.position());
            close();
            listed = false;
            return true;
        }
        if (feed.failure() != null && steps.isEmpty()) {
            patience.failedMeanwhile(feed.failure());
        }
        if (System.nanoTime() - savedAt > SAVE_NANOS) {
            save();
        }
        return !steps.isEmpty();
    }

    private int write(List<Tail.Step> steps) {
        Map<Key, @Nullable Document> changed = new LinkedHashMap<>();
        for (Tail.Step step : steps) {
            if (step.key() != null) {
                changed.put(step.key(), null);
            }
        }
        if (changed.isEmpty()) {
            return 0;
        }
        Map<Key, @Nullable Document> gone = new LinkedHashMap<>(changed);
        try (Stream<StoredDocument> now = pair.from().stream(Pair.of(changed.keySet()), FindOptions.ofDefaults())) {
            Batches.documents(now.iterator(), batch -> {
                Map<Key, @Nullable Document> wanted = new LinkedHashMap<>();
                for (StoredDocument document : batch) {
                    wanted.put(document.key(), document.document());
                    gone.remove(document.key());
                }
                writer.settle(wanted);
            });
        }
        if (!gone.isEmpty()) {
            writer.settle(gone);
        }
        return changed.size();
    }

    /** Saves how far the changes are written, unless some of them are held back. */
    void save() {
        if (unsaved && written != null && !writer.holdsBack()) {
            Position position = written;
            patience.until(() -> {
                ledger.save(pair.from().name(), Ledger.Phase.FEED, position);
                return true;
            });
            unsaved = false;
            savedAt = System.nanoTime();
        }
    }

    /** A position behind all that the source has confirmed. */
    Position end() {
        return patience.until(() -> pair.from().position());
    }

    /** Whether all changes up to a position are written. */
    boolean covers(Position end) {
        return listed && written != null && pair.from().covers(written, end);
    }

    /** Makes the source's indexes; fails where a unique one forbids what is there, as later changes may mend it. */
    void index(Duration within) {
        writer.settleHeld();
        List<Index> indexes = patience.until(() -> pair.from().indexes());
        patience.until(() -> {
            pair.to().withTimeout(within).ensureIndexes(indexes);
            return true;
        });
    }

    /** Says that all of it is there. */
    void done() {
        writer.settleHeld();
        ledger.save(pair.from().name(), Ledger.Phase.DONE, Objects.requireNonNull(written));
    }

    @Override
    public void close() {
        if (tail != null) {
            tail.close();
            tail = null;
        }
    }
}
