package org.corestack.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shared reader when all goes wrong at once, and at its end. */
@Timeout(60)
class FeedHubTest {
    /** Numbered places; reading fails on demand, and so does what is said about it. */
    private static final class FailingSource implements ChangeSource {
        private final AtomicInteger last = new AtomicInteger();
        private final AtomicBoolean failing = new AtomicBoolean();
        private final AtomicInteger failures = new AtomicInteger();

        @Override
        public String name() {
            if (failing.get()) {
                throw new IllegalStateException("nothing works, not even to say so");
            }
            return "failing";
        }

        @Override
        public Position now(Deadline deadline) {
            return new Position(Integer.toString(last.get()));
        }

        @Override
        public Position at(Instant time, Deadline deadline) {
            return new Position("0");
        }

        @Override
        public ChangeReader open(Position from) {
            AtomicInteger at = new AtomicInteger(Integer.parseInt(from.text()));
            return new ChangeReader() {
                @Override
                public Outcome next(Map<String, Content> interest, Duration wait) {
                    if (failing.get()) {
                        failures.incrementAndGet();
                        throw new OutOfMemoryError("on purpose");
                    }
                    int to = last.get();
                    List<CollectionChange> changes = new ArrayList<>();
                    while (at.get() < to) {
                        changes.add(new CollectionChange("c", change(at.incrementAndGet())));
                    }
                    LockSupport.parkNanos(1_000_000);
                    return new Batch(changes, new Position(Integer.toString(to)), false);
                }

                @Override
                public void close() {
                    // nothing is open
                }
            };
        }

        @Override
        public boolean covers(Position reached, Position position) {
            return Integer.parseInt(reached.text()) >= Integer.parseInt(position.text());
        }

        private static Change change(int number) {
            return new Change(
                    Key.of(number),
                    Operation.INSERT,
                    Document.of("n", number),
                    number,
                    Instant.EPOCH,
                    null,
                    new Position(Integer.toString(number)));
        }
    }

    /** Its thread ended, and with it the hearing of everybody, when the failure could not even be told. */
    @Test
    void aFailureWithinAFailureSilencesNobody() {
        FailingSource source = new FailingSource();
        FeedHub hub = new FeedHub(source);
        List<Long> heard = new CopyOnWriteArrayList<>();
        Watch watch = Watch.start(
                hub, "c", "s.c", new Position("0"), WatchOptions.ofDefaults(), change -> heard.add(change.version()));
        source.last.set(1);
        await().until(() -> heard.contains(1L));
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("corestack-feed-failing")));
        source.failing.set(true);
        await().until(() -> source.failures.get() > 2);
        source.failing.set(false);
        source.last.set(2);
        await().until(() -> heard.contains(2L));
        assertThat(watch.isOpen()).isTrue();
        hub.close();
        assertThat(watch.isOpen()).isFalse();
    }

    /** Each was waited for by itself, some six seconds. */
    @Test
    void stuckListenersAreWaitedForTogether() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(30);
        try (StoreClient client = StoreClient.open("memory:")) {
            StoreCollection collection = client.store("s").collection("c");
            for (int i = 0; i < 30; i++) {
                Watch unused = collection.watch(WatchOptions.ofDefaults(), change -> {
                    stuck.countDown();
                    awaitUninterruptibly(release);
                });
            }
            collection.insert(Key.of("k"), Document.empty());
            stuck.await();
        } finally {
            release.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // The stuck listener of the test.
                continue;
            }
        }
    }
}
