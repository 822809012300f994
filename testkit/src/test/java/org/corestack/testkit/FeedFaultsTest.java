package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.reference.Faults;
import org.corestack.testkit.reference.ReferenceDatabase;
import org.corestack.testkit.reference.ReferenceProvider;
import org.junit.jupiter.api.Test;

/** The façade's watches and their shared reader while the engine fails, stalls, or has lost its history. */
class FeedFaultsTest extends ContractBase {
    private static final WatchOptions ALL = WatchOptions.ofDefaults();

    @Override
    protected String freshDatabase() {
        return "reference:" + UUID.randomUUID();
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.EXACT_SNAPSHOT);
    }

    private static CoreException down() {
        return new CoreException(ErrorCode.UNAVAILABLE, "the database is down");
    }

    private ReferenceDatabase database() {
        return ReferenceProvider.database(uri());
    }

    private Faults faults() {
        return database().faults();
    }

    private Written insert(Object key) {
        return things().insert(key(key), Document.empty());
    }

    private void awaitCovered(Watch watch, Written written) {
        awaitThat("the watch covers " + written, () -> watch.covers(written.position()));
    }

    /** Waits until as many watches, all there have been, have left their own readers for the one that they share. */
    private void awaitShared(int watches) {
        awaitThat("one reader for all", () -> faults().opened() > watches && faults().readers() == 1);
    }

    @Test
    void watchersShareOneReader() {
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            watches.add(store().collection("things" + i % 4).watch(ALL, change -> {}));
        }
        insert("k");
        awaitShared(20);
        int before = faults().reads();
        Await.pause(Duration.ofMillis(200));
        assertThat(faults().reads() - before).as("reads while nothing happens").isLessThan(5);
        watches.forEach(Watch::close);
        awaitThat("no reader without a watcher", () -> faults().readers() == 0);
    }

    @Test
    void failuresOfTheSharedReaderAreToldAndLoseNothing() {
        FeedHistory history = FeedHistory.of(things());
        RecordedCollection writer = new RecordedCollection(things(), history, "writer");
        Position start = things().position();
        List<CoreException> failures = new ArrayList<>();
        Heard heard = new Heard();
        FeedObserver observer = history.observer("o", ALL);
        try (Watch watch = things().watch(ALL.withFrom(start), observer.from(start, heard))) {
            writer.insert(key("before"), Document.empty());
            awaitShared(1);
            faults().failReads(4, FeedFaultsTest::down);
            Written last = writer.insert(key("meanwhile"), Document.empty());
            for (int i = 0; i < 100; i++) {
                last = writer.insert(key(i), Document.empty());
            }
            awaitCovered(watch, last);
            failures.addAll(heard.failures);
        }
        history.verify();
        assertThat(heard.changes).hasSize(102);
        assertThat(failures).isNotEmpty().allMatch(error -> error.code() == ErrorCode.UNAVAILABLE);
    }

    @Test
    void failuresWhileAWatchBeginsAreToldAndLoseNothing() {
        Position start = things().position();
        insert("before");
        faults().failReads(3, FeedFaultsTest::down);
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL.withFrom(start), heard)) {
            awaitCovered(watch, insert("after"));
        }
        assertThat(heard.told()).containsExactly("INSERT before", "INSERT after");
        assertThat(heard.failures).hasSize(3);
    }

    @Test
    void aHistoryThatIsTrimmedTooFarIsAResync() {
        Heard heard = new Heard();
        Position start = things().position();
        try (Watch watch = things().watch(ALL, heard)) {
            awaitCovered(watch, insert("before"));
            awaitShared(1);
            CountDownLatch stall = new CountDownLatch(1);
            faults().stallReads(stall);
            awaitCovered(watch, insert("last"));
            awaitThat("the shared reader stalls", () -> faults().stalled() == 1);
            insert("lost");
            database().trim();
            stall.countDown();
            awaitThat("the resync", () -> !heard.resyncs.isEmpty() && !watch.isOpen());
        }
        assertThat(heard.resyncs).extracting(Resync::reason).containsExactly(Resync.Reason.HISTORY_TRIMMED);
        Heard late = new Heard();
        try (Watch watch = things().watch(ALL.withFrom(start), late)) {
            awaitThat("the resync", () -> !late.resyncs.isEmpty() && !watch.isOpen());
        }
        assertThat(late.changes).isEmpty();
    }

    @Test
    void anotherHistoryUnderARunningWatchIsAResync() {
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL, heard)) {
            awaitCovered(watch, insert("before"));
            awaitShared(1);
            database().restore();
            awaitThat("the resync", () -> !heard.resyncs.isEmpty() && !watch.isOpen());
            Heard anew = new Heard();
            try (Watch other = things().watch(ALL, anew)) {
                awaitCovered(other, insert("after"));
            }
            assertThat(anew.told()).containsExactly("INSERT after");
        }
        assertThat(heard.resyncs).extracting(Resync::reason).containsExactly(Resync.Reason.OTHER_HISTORY);
    }

    @Test
    void aSilentDatabaseDoesNotKeepAWatchFromClosing() {
        Heard heard = new Heard();
        CountDownLatch stall = new CountDownLatch(1);
        faults().stallReads(stall);
        Watch first = things().watch(ALL, heard);
        Watch second = things().watch(ALL, heard);
        insert("k");
        long before = System.nanoTime();
        first.close();
        client().close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
        assertThat(second.isOpen()).isFalse();
        stall.countDown();
    }

    @Test
    void aListenerThatIsStuckIsInterruptedAtClose() {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Watch watch = things().watch(ALL, change -> {
            begun.complete(true);
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
                throw e;
            }
        });
        insert("k");
        awaitThat("the listener is called", begun::isDone);
        Position before = watch.position();
        watch.close();
        assertThat(interrupted).isCompleted();
        assertThat(watch.position()).as("the change was not dealt with").isEqualTo(before);
    }

    @Test
    void aListenerMayCloseTheClient() {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        Watch other = things().watch(ALL, change -> {});
        Watch watch = things().watch(ALL, change -> {
            client().close();
            closed.complete(true);
        });
        insert("k");
        awaitThat("the client is closed", () -> closed.isDone() && !watch.isOpen() && !other.isOpen());
    }

    /**
     * The watch asks to be joined behind its first change, when the shared reader is far ahead; its second batch, of 50
     * changes, does not bring it there. In the middle of that batch two more writes see to it that it has been joined:
     * the shared reader joins who asks before each read, so when it has read the second, it had done so at the first.
     */
    @Test
    void aWatcherThatIsJoinedAheadOfItselfReadsOnUntilItIsThere() {
        FeedHistory history = FeedHistory.of(things());
        RecordedCollection writer = new RecordedCollection(things(), history, "writer");
        RecordedCollection nudge = new RecordedCollection(things(), history, "nudge");
        FeedObserver observer = history.observer("behind", ALL);
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        try (Watch shared = things().watch(ALL, change -> {})) {
            WatchListener listener = change -> {
                if (change.key().equals(key(0))) {
                    begun.complete(true);
                    first.await();
                } else if (change.key().equals(key(10))) {
                    awaitCovered(shared, nudge.insert(key("one"), Document.empty()));
                    awaitCovered(shared, nudge.insert(key("two"), Document.empty()));
                }
            };
            awaitCovered(shared, insert("before"));
            awaitShared(1);
            Position start = things().position();
            try (Watch behind = things().watch(ALL.withFrom(start), observer.from(start, listener))) {
                writer.insert(key(0), Document.empty());
                awaitThat("the first change", begun::isDone);
                for (int i = 1; i < 500; i++) {
                    writer.insert(key(i), Document.empty());
                }
                List<Position> positions = history.positions();
                awaitThat(
                        "the shared reader to be ahead",
                        () -> positions.stream().allMatch(shared::covers));
                first.countDown();
                awaitThat(
                        "all of it",
                        () -> history.size() == 502
                                && history.positions().stream().allMatch(behind::covers));
            }
        }
        history.verify();
    }

    @Test
    void aSlowWatchIsLetGoAndCatchesUpByItself() throws Exception {
        FeedHistory history = FeedHistory.of(things());
        RecordedCollection writer = new RecordedCollection(things(), history, "writer");
        WatchOptions small = ALL.withBuffer(10);
        FeedObserver slow = history.observer("slow", small);
        FeedObserver fast = history.observer("fast", ALL);
        CountDownLatch held = new CountDownLatch(1);
        AtomicBoolean hold = new AtomicBoolean();
        Position start = things().position();
        try (Watch late = things().watch(small.withFrom(start), slow.from(start, change -> {
                    if (hold.get()) {
                        held.await();
                    }
                }));
                Watch early = things().watch(ALL.withFrom(start), fast.from(start))) {
            writer.insert(key("first"), Document.empty());
            awaitShared(2);
            hold.set(true);
            for (int i = 0; i < 500; i++) {
                writer.insert(key(i), Document.empty());
            }
            List<Position> all = history.positions();
            awaitThat("the fast one to have heard all", () -> early.covers(all.get(500)));
            assertThat(late.covers(all.get(100))).isFalse();
            assertThat(faults().readers())
                    .as("the slow one does not read while it is held")
                    .isEqualTo(1);
            held.countDown();
            awaitThat("the slow one to have heard all", () -> late.covers(all.get(500)));
            awaitThat("both to share again", () -> faults().readers() == 1);
            writer.insert(key("last"), Document.empty());
            List<Position> last = history.positions();
            awaitThat("the last change", () -> late.covers(last.get(501)) && early.covers(last.get(501)));
        }
        history.verify();
    }

    @Test
    void watchesThatComeAndGoAtRandomLoseNothing() {
        Seeds.run(4, random -> {
            FeedHistory history = FeedHistory.of(things());
            AtomicBoolean written = new AtomicBoolean();
            Position start = things().position();
            List<Callable<Boolean>> threads = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Random own = new Random(random.nextLong());
                WatchOptions options = ALL.withBuffer(1 + own.nextInt(30));
                FeedObserver observer = history.observer("observer " + i, options);
                threads.add(() -> watchInTurns(history, observer, options, start, own, written));
            }
            Random own = new Random(random.nextLong());
            threads.add(() -> {
                RecordedCollection writer = new RecordedCollection(things(), history, "writer");
                for (int i = 0; i < 800; i++) {
                    Key key = key("key" + own.nextInt(10));
                    Document document = doc("i", i);
                    if (things().find(key).isEmpty()) {
                        writer.insert(key, document);
                    } else if (own.nextInt(4) == 0) {
                        writer.delete(key, ALWAYS);
                    } else {
                        writer.replace(key, document, ALWAYS);
                    }
                    if (own.nextInt(60) == 0) {
                        faults().failReads(1 + own.nextInt(3), FeedFaultsTest::down);
                    }
                    if (own.nextInt(10) == 0) {
                        Await.pause(Duration.ofMillis(own.nextInt(4)));
                    }
                }
                written.set(true);
                return true;
            });
            together(threads);
            history.verify();
            awaitThat("no reader without a watcher", () -> faults().readers() == 0);
        });
    }

    private boolean watchInTurns(
            FeedHistory history,
            FeedObserver observer,
            WatchOptions options,
            Position start,
            Random own,
            AtomicBoolean written) {
        Position from = start;
        boolean covered = false;
        while (!covered) {
            Position here = from;
            Watch watch = things().watch(options.withFrom(here), observer.from(here));
            try (watch) {
                Await.pause(Duration.ofMillis(own.nextInt(30)));
                covered = written.get() && history.positions().stream().allMatch(watch::covers);
            }
            from = watch.position();
        }
        return true;
    }

    @Test
    void watchesThatAreClosedAtOnceLeaveNothing() {
        insert("k");
        Position start = things().position();
        for (int i = 0; i < 200; i++) {
            Watch watch = things().watch(i % 2 == 0 ? ALL : ALL.withFrom(start), change -> {});
            if (i % 3 == 0) {
                insert(i);
            }
            watch.close();
        }
        awaitThat("no reader without a watcher", () -> faults().readers() == 0);
    }

    @Test
    void aFailedWriteIsTheCallers() {
        faults().failWrites(1, FeedFaultsTest::down);
        FeedHistory history = FeedHistory.of(things());
        RecordedCollection writer = new RecordedCollection(things(), history, "writer");
        assertFails(ErrorCode.UNAVAILABLE, () -> writer.insert(key("k"), Document.empty()));
        assertThat(history.size()).isZero();
        writer.insert(key("k"), Document.empty());
        assertThat(history.size()).isEqualTo(1);
    }
}
