package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.document.Change;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.store.ClientOptions;
import org.corestack.store.CollectionSnapshot;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.corestack.store.spi.Capability;
import org.junit.jupiter.api.Test;

/** Random histories of several writers and of watchers of every kind, each held against what was written. */
abstract class HistoryContract extends ImageContract {
    private static final Filter EVEN = Filter.compare(FieldPath.of("even"), Filter.Operator.EQ, true);
    private static final int WRITERS = 4;
    private static final int WRITES = 120;
    private static final int KEYS = 10;

    @Test
    void nothingIsLostRepeatedOrReordered() {
        Seeds.run(3, random -> new Run(random).run());
    }

    /** The history is kept for a moment only, and the watcher is held until what it has not read is gone. */
    @Test
    void aWatcherSlowerThanTheTrimListsAnewAndIsRight() {
        CountDownLatch gate = new CountDownLatch(1);
        ClientOptions shortly = ClientOptions.ofDefaults().withTimeout(PATIENCE).withRetention(Duration.ofMillis(300));
        try (StoreClient trimming = StoreClient.open(uri(), shortly)) {
            StoreCollection writing = thingsOf(trimming);
            writing.insert(key("first"), Document.empty());
            Position start = writing.position();
            try (Mirror mirror = new Mirror(things(), ALL.withBuffer(10), gate)) {
                boolean trimmed = false;
                for (int i = 0; i < 15 && !trimmed; i++) {
                    writeOver(writing, i);
                    trimmed = isTrimmed(start);
                }
                gate.countDown();
                Written last = writing.upsert(key("last"), Document.empty(), Set.of());
                awaitThat("the mirror to be there", () -> mirror.watch().covers(last.position()));
                Map<Key, Document> there = new HashMap<>();
                things().findMany(Filter.all(), FindOptions.ofDefaults())
                        .forEach(stored -> there.put(stored.key(), stored.document()));
                awaitThat("the mirror to be right", () -> mirror.state().equals(there));
                assertThat(mirror.resyncs() > 0 || !trimmed)
                        .as("told that it was too slow")
                        .isTrue();
                assertThat(!trimmed || isTrimmed(things().position(Instant.EPOCH)))
                        .as("told that the history does not reach that far")
                        .isTrue();
            }
        } finally {
            gate.countDown();
        }
    }

    /** Deletes among it, which nobody hears of who does not list anew. */
    private static void writeOver(StoreCollection collection, int round) {
        for (int i = 0; i < 20; i++) {
            collection.upsert(key(i), Document.of("round", round), Set.of());
        }
        collection.delete(key(round % 20), ALWAYS);
    }

    private boolean isTrimmed(Position start) {
        Await.pause(Duration.ofMillis(150));
        Heard probe = new Heard();
        try (Watch watch = things().watch(ALL.withKeysOnly().withFrom(start), probe)) {
            awaitThat("an answer", () -> !probe.changes.isEmpty() || !watch.isOpen());
        }
        return !probe.resyncs.isEmpty();
    }

    /** One history on a collection of its own. */
    private final class Run {
        private final Random random;
        private final List<StoreCollection> clients = new ArrayList<>();
        private final FeedHistory history;
        private final AtomicBoolean written = new AtomicBoolean();

        Run(Random random) {
            this.random = random;
            String name = "history" + Long.toHexString(random.nextLong());
            clients.add(store().collection(name));
            clients.add(openClient("second").store("contract").collection(name));
            this.history = FeedHistory.of(clients.get(0));
        }

        void run() {
            Position start = clients.get(0).position();
            List<Callable<Boolean>> threads = new ArrayList<>();
            threads.add(observer("steady", ALL, 1.0, change -> {}, start));
            threads.add(observer("filtered", ALL.withFilter(EVEN), 1.0, change -> {}, start));
            threads.add(observer("keys", ALL.withKeysOnly(), 0.1, change -> {}, start));
            threads.add(observer("slow", ALL.withBuffer(3), 0.3, slow(), start));
            threads.add(observer("restless", ALL.withBuffer(20), 0.02, change -> {}, start));
            threads.add(observer("restless, filtered", ALL.withFilter(EVEN), 0.02, change -> {}, start));
            threads.add(observer("throwing", ALL, 0.2, throwing(), start));
            threads.add(lateObserver("late", ALL));
            threads.add(lateObserver("late, filtered", ALL.withFilter(EVEN)));
            threads.add(() -> {
                List<Callable<Boolean>> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    writers.add(writer("writer-" + i, clients.get(i % 2), random.nextLong()));
                }
                together(writers);
                written.set(true);
                return true;
            });
            together(threads);
            history.verify();
        }

        private WatchListener slow() {
            Random own = new Random(random.nextLong());
            return change -> {
                if (own.nextInt(20) == 0) {
                    Await.pause(Duration.ofMillis(own.nextInt(30)));
                }
            };
        }

        private WatchListener throwing() {
            Random own = new Random(random.nextLong());
            return change -> {
                if (own.nextInt(25) == 0) {
                    throw new IllegalStateException("a listener that throws now and then");
                }
            };
        }

        private Callable<Boolean> writer(String name, StoreCollection collection, long seed) {
            return () -> {
                Random own = new Random(seed);
                RecordedCollection writer = new RecordedCollection(collection, history, name);
                for (int i = 0; i < WRITES; i++) {
                    write(writer, collection, own, name + "-" + i);
                }
                return true;
            };
        }

        /** One write; one that is refused, another having been first, is none. */
        private void write(RecordedCollection writer, StoreCollection collection, Random own, String mark) {
            Key key = key("key-" + own.nextInt(KEYS));
            Document document = Document.of("mark", mark, "even", own.nextBoolean());
            try {
                switch (own.nextInt(6)) {
                    case 0 -> writer.delete(key, ALWAYS);
                    case 1, 2 -> writer.insert(key, document);
                    case 3 -> {
                        long version = collection
                                .find(key)
                                .map(StoredDocument::version)
                                .orElse(0L);
                        writer.replace(key, document, Condition.ifVersion(version));
                    }
                    default -> writer.replace(key, document, ALWAYS);
                }
            } catch (CoreException e) {
                switch (e.code()) {
                    case ALREADY_EXISTS, NOT_FOUND, CONFLICT -> {}
                    default -> throw e;
                }
            }
        }

        /**
         * Watches until everything is covered, in sessions that end early with a chance per change: the smaller the
         * patience, the more often.
         */
        private Callable<Boolean> observer(
                String name, WatchOptions options, double patience, WatchListener listener, Position start) {
            Random own = new Random(random.nextLong());
            FeedObserver observer = history.observer(name, options);
            return () -> {
                watchInSessions(observer, options, patience, listener, start, own);
                return true;
            };
        }

        private void watchInSessions(
                FeedObserver observer,
                WatchOptions options,
                double patience,
                WatchListener listener,
                Position start,
                Random own) {
            Position from = start;
            boolean covered = false;
            for (int session = 0; !covered; session++) {
                int atMost = patience == 1.0 ? Integer.MAX_VALUE : 1 + own.nextInt((int) (WRITERS * WRITES * patience));
                Bookmarks bookmarks = new Bookmarks(listener, from);
                StoreCollection on = clients.get(session % 2);
                Watch watch = on.watch(options.withFrom(from), observer.from(from, bookmarks));
                try (watch) {
                    awaitThat("a session's end", () -> bookmarks.changes >= atMost || covers(watch));
                    covered = covers(watch);
                }
                // closed, so that both stand still: one is the last place that was told, the other may be behind it
                from = own.nextBoolean() ? watch.position() : bookmarks.last;
            }
        }

        private boolean covers(Watch watch) {
            return written.get() && history.positions().stream().allMatch(watch::covers);
        }

        /** Lists while the writers write, and goes on from there. */
        private Callable<Boolean> lateObserver(String name, WatchOptions options) {
            FeedObserver observer = history.observer(name, options);
            Random own = new Random(random.nextLong());
            return () -> {
                awaitThat("some writes", () -> history.size() > WRITES);
                Position position;
                try (CollectionSnapshot snapshot = clients.get(0).snapshot(options.filter())) {
                    position = snapshot.position();
                    List<StoredDocument> shown = new ArrayList<>();
                    snapshot.forEach(shown::add);
                    observer.listed(position, shown, capabilities().contains(Capability.EXACT_SNAPSHOT));
                }
                watchInSessions(observer, options, 0.2, change -> {}, position, own);
                return true;
            };
        }
    }

    /** Keeps the last place that a listener was told, as a user would who resumes from there. */
    private static final class Bookmarks implements WatchListener {
        private final WatchListener then;
        private volatile Position last;
        private volatile int changes;

        Bookmarks(WatchListener then, Position from) {
            this.then = then;
            this.last = from;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // a watch calls from one thread
        public void onChange(Change change) throws Exception {
            then.onChange(change);
            last = change.position();
            changes++;
        }

        @Override
        public void onBookmark(Position position) {
            last = position;
        }
    }
}
