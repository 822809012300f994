package org.corestack.cli.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectionCopyTest {
    private static final int DOCUMENTS = 2_500;

    private final StoreClient source = StoreClient.open("sqlite::memory:");
    private final StoreClient target = StoreClient.open("sqlite::memory:");
    private final StoreCollection from = source.store("shop").collection("orders");
    private final StoreCollection to = target.store("shop").collection("orders");
    private final Ledger ledger = new Ledger(target.store("shop"), "here");
    private final Semaphore arrivals = new Semaphore(0);
    private final List<String> complaints = new ArrayList<>();
    private final Patience patience = new Patience(Duration.ofSeconds(5), new StopSign(), complaints::add);

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    /** Does something each time that a part of the list is written. */
    private record Between(Runnable listed) implements CollectionCopy.Meter {
        @Override
        public void listed(int documents) {
            listed.run();
        }

        @Override
        public void changed(int documents) {}
    }

    private static CollectionCopy.Meter quiet() {
        return new Between(() -> {});
    }

    private CollectionCopy copy(Ledger.@Nullable Row begun) {
        return new CollectionCopy(new Pair("shop", from, to), ledger, begun, patience, arrivals);
    }

    private void catchUp(CollectionCopy copy) throws InterruptedException {
        Position end = copy.end();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!copy.covers(end)) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            if (!copy.isListed()) {
                copy.list(quiet());
            }
            if (!copy.pump(quiet())) {
                arrivals.tryAcquire(50, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static Map<Key, Document> all(StoreCollection collection) {
        Map<Key, Document> all = new HashMap<>();
        collection
                .findMany(Filter.all(), FindOptions.ofDefaults())
                .forEach(stored -> all.put(stored.key(), stored.document()));
        return all;
    }

    private Ledger.Row row() {
        return ledger.find("orders").orElseThrow();
    }

    @Test
    void whatChangesWhileTheListIsWrittenIsNotLost() throws Exception {
        Samples.fill(from, 0, DOCUMENTS);
        List<Key> keys = from.findMany(Filter.all(), FindOptions.ofDefaults()).stream()
                .map(document -> document.key())
                .toList();
        List<Integer> parts = new ArrayList<>();
        try (CollectionCopy copy = copy(null)) {
            copy.list(new Between(() -> {
                // In what is written already, and in what is not.
                for (Key key : List.of(keys.get(parts.size()), keys.get(keys.size() - 1 - parts.size()))) {
                    from.update(key, Document.of("generation", 1), Set.of("none"), Condition.none());
                }
                from.delete(keys.get(10 + parts.size()), Condition.none());
                from.delete(keys.get(keys.size() - 11 - parts.size()), Condition.none());
                from.insert(Key.of("new " + parts.size()), Document.of("a", 1));
                parts.add(1);
            }));
            assertThat(parts).hasSizeGreaterThan(1);
            catchUp(copy);
            assertThat(all(to)).isEqualTo(all(from)).hasSize(DOCUMENTS - parts.size());
        }
    }

    @Test
    void changesAndDeletesAreWritten() throws Exception {
        Samples.fill(from, 0, 20);
        try (CollectionCopy copy = copy(null)) {
            copy.list(quiet());
            from.delete(Samples.key(1), Condition.none());
            from.delete(Samples.key(2), Condition.none());
            from.insert(Samples.key(2), Samples.document(2, 1));
            from.replace(Samples.key(3), Document.of("a", 1), Condition.none());
            from.insert(Key.of("new"), Document.empty());
            catchUp(copy);
            assertThat(all(to)).isEqualTo(all(from)).hasSize(20);
        }
    }

    @Test
    void aPositionIsSavedOnlyBehindWhatIsWritten() throws Exception {
        Samples.fill(from, 0, 20);
        StoreClient dying = StoreClient.open("sqlite::memory:");
        StoreCollection lost = dying.store("shop").collection("orders");
        try (CollectionCopy copy = new CollectionCopy(new Pair("shop", from, lost), ledger, null, patience, arrivals)) {
            copy.list(quiet());
            Position listed = row().position();
            dying.close();
            from.delete(Samples.key(1), Condition.none());
            assertThatThrownBy(() -> catchUp(copy)).isInstanceOf(CoreException.class);
            copy.save();
            assertThat(row()).isEqualTo(new Ledger.Row("here", Ledger.Phase.FEED, listed));
        }
    }

    @Test
    void aListThatWasEndedOnTheWayIsGoneOnWith() throws Exception {
        Samples.fill(from, 0, DOCUMENTS);
        assertThatThrownBy(() -> copy(null).list(new Between(() -> {
                    throw new StopSign.Stopped();
                })))
                .isInstanceOf(StopSign.Stopped.class);
        assertThat(row().phase()).isEqualTo(Ledger.Phase.LIST);
        assertThat(all(to)).isNotEmpty().hasSizeLessThan(DOCUMENTS);
        for (Key key : List.copyOf(all(to).keySet()).subList(0, 10)) {
            from.delete(key, Condition.none()); // was written, and is gone before the list is gone on with
        }
        try (CollectionCopy copy = copy(row())) {
            copy.list(quiet());
            catchUp(copy);
            assertThat(all(to)).isEqualTo(all(from)).hasSize(DOCUMENTS - 10);
        }
    }

    @Test
    void historyThatIsGoneIsMadeUpForByComparing() throws Exception {
        Samples.fill(from, 0, 50);
        try (CollectionCopy copy = copy(null)) {
            copy.list(quiet());
        }
        from.delete(Samples.key(1), Condition.none());
        from.replace(Samples.key(2), Document.of("a", 1), Condition.none());
        from.insert(Key.of("new"), Document.empty());
        try (CollectionCopy copy = copy(new Ledger.Row("here", Ledger.Phase.FEED, new Position("of no feed")))) {
            copy.list(quiet());
            catchUp(copy);
            assertThat(all(to)).isEqualTo(all(from)).hasSize(50);
            copy.save();
            assertThat(row().phase()).isEqualTo(Ledger.Phase.FEED);
            assertThat(from.covers(row().position(), from.position())).isTrue();
        }
    }

    @Test
    void documentsThatExchangeUniqueValuesAreWritten() throws Exception {
        Index unique = Index.on(FieldPath.of("u")).asUnique();
        for (int i = 0; i < 3; i++) {
            from.insert(Key.of(i), Document.of("u", i));
        }
        try (CollectionCopy copy = copy(null)) {
            copy.list(quiet());
            catchUp(copy);
            from.ensureIndex(unique);
            copy.index(Duration.ofMinutes(1));
            for (int i : List.of(0, 1, 2)) {
                from.replace(Key.of(i), Document.of("u", "free " + i), Condition.none());
            }
            for (int i : List.of(0, 1, 2)) {
                from.replace(Key.of(i), Document.of("u", (i + 1) % 3), Condition.none());
            }
            catchUp(copy);
            assertThat(all(to)).isEqualTo(all(from));
            assertThat(to.indexes()).containsExactly(unique);
        }
    }

    /** As the source has been when it was read, half of an exchange may be all that there is to write. */
    @Test
    void nothingIsTakenForDoneWhileADocumentIsHeldBack() {
        to.ensureIndex(Index.on(FieldPath.of("u")).asUnique());
        to.insert(Key.of("a"), Document.of("u", 1));
        CopyWriter writer = new CopyWriter(to, "shop.orders");
        writer.settle(Map.of(Key.of("b"), Document.of("u", 1)));
        assertThat(writer.holdsBack()).isTrue();
        assertThatThrownBy(writer::settleHeld).hasMessageContaining("by-u");
        Map<Key, @Nullable Document> rest = new LinkedHashMap<>();
        rest.put(Key.of("a"), null);
        writer.settle(rest);
        assertThat(writer.holdsBack()).isFalse();
        assertThat(all(to)).isEqualTo(Map.of(Key.of("b"), Document.of("u", 1)));
    }
}
