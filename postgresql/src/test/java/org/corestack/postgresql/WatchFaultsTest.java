package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.corestack.testkit.FaultyProxy;
import org.corestack.testkit.FaultyProxy.Direction;
import org.corestack.testkit.FaultyProxy.Fault;
import org.corestack.testkit.FeedHistory;
import org.corestack.testkit.FeedObserver;
import org.corestack.testkit.NoThreadsLeft;
import org.corestack.testkit.RecordedCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Watches behind a network that stalls and cuts, while another client writes on. */
@ExtendWith(NoThreadsLeft.class)
class WatchFaultsTest {
    private static final WatchOptions ALL = WatchOptions.ofDefaults();
    private static final Duration LONG = Duration.ofSeconds(60);

    private String database;
    private FaultyProxy proxy;
    private StoreClient writing;
    private StoreClient watching;

    @BeforeEach
    void open() {
        database = Server.freshDatabase();
        proxy = FaultyProxy.open("127.0.0.1", Server.port());
        writing = open(Server.port());
        watching = open(proxy.port());
        c(writing).insert(Key.of("first"), Document.empty());
    }

    @AfterEach
    void close() {
        proxy.heal();
        watching.close();
        writing.close();
        proxy.close();
    }

    private StoreClient open(int port) {
        return StoreClient.open(
                Server.uri(database, port), ClientOptions.ofDefaults().withTimeout(Duration.ofSeconds(5)));
    }

    private static StoreCollection c(StoreClient client) {
        return client.store("s").collection("c");
    }

    private static void awaitCovered(Watch watch, Written written) {
        await().atMost(LONG).until(() -> watch.covers(written.position()));
    }

    /** Hears of what is wrong in the background. */
    private static final class Troubles implements WatchListener {
        final List<CoreException> failures = new CopyOnWriteArrayList<>();
        final List<Resync> resyncs = new CopyOnWriteArrayList<>();

        @Override
        public void onChange(Change change) {}

        @Override
        public void onFailure(CoreException error) {
            failures.add(error);
        }

        @Override
        public void onResync(Resync resync) {
            resyncs.add(resync);
        }
    }

    /**
     * Each time a little later in what the server says: between two messages, and within one, at the beginning of a poll
     * and in the middle of its rows. At every byte with {@code -Dcorestack.test.cuts=1}.
     */
    @Test
    void cutsAnywhereInTheConversationLoseNothing() {
        int step = Integer.getInteger("corestack.test.cuts", 37);
        FeedHistory history = FeedHistory.of(c(watching));
        RecordedCollection writer = new RecordedCollection(c(writing), history, "writer");
        FeedObserver observer = history.observer("behind the proxy", ALL);
        Position start = c(watching).position();
        try (Watch watch = c(watching).watch(ALL.withFrom(start), observer.from(start))) {
            for (int bytes = 0; bytes < 900; bytes += step) {
                Direction direction = bytes / step % 3 == 0 ? Direction.TO_SERVER : Direction.TO_CLIENT;
                proxy.after(direction, bytes, bytes / step % 5 == 0 ? Fault.HALF_CLOSE : Fault.CUT);
                awaitCovered(watch, writer.upsert(Key.of(bytes % 4), Document.of("n", bytes), Set.of()));
            }
            proxy.heal();
            awaitCovered(watch, writer.insert(Key.of("last"), Document.empty()));
        }
        history.verify();
    }

    @Test
    void twoHundredWatchesNeedNoMoreConnectionsThanOne() {
        List<Watch> watches = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                watches.add(c(watching).watch(ALL, change -> {}));
            }
            Written written = c(writing).insert(Key.of("k"), Document.empty());
            await().atMost(LONG).until(() -> watches.stream().allMatch(watch -> watch.covers(written.position())));
            assertThat(proxy.connections()).isLessThanOrEqualTo(10 + 3 + 1);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("corestack-feed-"))
                    .hasSize(1);
        } finally {
            watches.forEach(Watch::close);
        }
    }

    /** The sockets stay open and say nothing more: no error comes of itself, for as long as one waits. */
    @Test
    void aBlackHoleIsSeenTheLagGrowsAndNothingIsLost() {
        FeedHistory history = FeedHistory.of(c(watching));
        RecordedCollection writer = new RecordedCollection(c(writing), history, "writer");
        FeedObserver observer = history.observer("behind the proxy", ALL);
        Troubles troubles = new Troubles();
        Position start = c(watching).position();
        try (Watch watch = c(watching).watch(ALL.withFrom(start), observer.from(start, troubles))) {
            awaitCovered(watch, writer.insert(Key.of("before"), Document.empty()));
            watching.healthCheck();
            await().atMost(LONG).until(() -> watch.lag().compareTo(Duration.ofSeconds(2)) < 0);
            proxy.stall();
            Written meanwhile = writer.insert(Key.of("meanwhile"), Document.empty());
            await().atMost(LONG).until(() -> watch.lag().compareTo(Duration.ofSeconds(6)) > 0);
            assertThat(watch.covers(meanwhile.position())).isFalse();
            assertThat(catchThrowable(watching::healthCheck)).isInstanceOf(CoreException.class);
            await().atMost(LONG).until(() -> !troubles.failures.isEmpty()); // the silent connections are given up
            proxy.heal();
            awaitCovered(watch, meanwhile);
            awaitCovered(watch, writer.insert(Key.of("after"), Document.empty()));
            await().atMost(LONG).until(() -> watch.lag().compareTo(Duration.ofSeconds(2)) < 0);
            await().atMost(LONG).until(() -> catchThrowable(watching::healthCheck) == null);
        }
        history.verify();
    }
}
