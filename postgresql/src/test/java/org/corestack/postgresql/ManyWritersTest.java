package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.testkit.FeedHistory;
import org.corestack.testkit.FeedObserver;
import org.corestack.testkit.NoThreadsLeft;
import org.corestack.testkit.RecordedCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Histories of many writers, each observer held against what was written. */
@ExtendWith(NoThreadsLeft.class)
class ManyWritersTest {
    private static final int WRITERS = 50;
    private static final int WRITES = 40;
    private static final int KEYS = 20;

    private final String database = Server.freshDatabase();
    private final String uri = Server.uri(database) + "?pool=25";
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private StoreClient open(String source) {
        return StoreClient.open(
                uri, ClientOptions.ofDefaults().withSource(source).withTimeout(Duration.ofSeconds(30)));
    }

    private static StoreCollection things(StoreClient client) {
        return client.store("s").collection("c");
    }

    @Test
    void fiftyWritersAreHeardWholeAndInOrder() throws Exception {
        run(new CountDownLatch(1), () -> {});
    }

    @Test
    void replicasThatStartAtOnceMakeTheTablesOnce() throws Exception {
        List<StoreClient> replicas = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                replicas.add(open("replica-" + i));
            }
            CountDownLatch begin = new CountDownLatch(1);
            List<Future<Written>> first = new ArrayList<>();
            for (StoreClient replica : replicas) {
                first.add(threads.submit(() -> {
                    begin.await();
                    things(replica).ensureIndex(Index.on(FieldPath.of("n")));
                    return things(replica).insert(Key.of(replica.source()), Document.empty());
                }));
            }
            begin.countDown();
            for (Future<Written> one : first) {
                assertThat(one.get(60, TimeUnit.SECONDS).version()).isPositive();
            }
        } finally {
            replicas.forEach(StoreClient::close);
            threads.shutdownNow();
        }
    }

    @Test
    void connectionsEndedUnderWritersAndWatchersLoseNothing() throws Exception {
        CountDownLatch begin = new CountDownLatch(1); // what is prepared before takes no failure
        AtomicBoolean ended = new AtomicBoolean();
        Future<?> killer = threads.submit(() -> {
            begin.await();
            Random random = new Random();
            while (!ended.get()) {
                Server.run(
                        "postgres",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database
                                + "' AND random() < 0.1",
                        "SELECT pg_sleep(" + (0.02 + random.nextDouble() / 20) + ")");
            }
            return true;
        });
        try {
            run(begin, () -> ended.set(true));
        } finally {
            ended.set(true);
            begin.countDown();
            killer.get(20, TimeUnit.SECONDS);
        }
    }

    private void run(CountDownLatch begin, Runnable whenWritten) throws Exception {
        try (StoreClient one = open("one");
                StoreClient other = open("other")) {
            things(one).upsert(Key.of("first"), Document.empty(), java.util.Set.of());
            FeedHistory history = FeedHistory.of(things(one));
            Position start = things(one).position();
            List<Watch> watches = new ArrayList<>();
            for (StoreClient client : List.of(one, other)) {
                FeedObserver all = history.observer("all of " + client.source(), WatchOptions.ofDefaults());
                watches.add(things(client).watch(WatchOptions.ofDefaults().withFrom(start), all.from(start)));
            }
            List<Future<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(writer("writer-" + i, things(i % 2 == 0 ? one : other), history, begin)));
            }
            begin.countDown();
            for (Future<Boolean> writer : writers) {
                writer.get(120, TimeUnit.SECONDS);
            }
            whenWritten.run();
            for (Watch watch : watches) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> history.positions().stream().allMatch(watch::covers));
                watch.close();
            }
            history.verify();
        } finally {
            threads.shutdownNow();
        }
    }

    private static Callable<Boolean> writer(
            String name, StoreCollection collection, FeedHistory history, CountDownLatch begin) {
        return () -> {
            Random random = new Random();
            RecordedCollection writer = new RecordedCollection(collection, history, name);
            begin.await();
            for (int i = 0; i < WRITES; i++) {
                write(writer, random, Document.of("by", name, "n", i));
            }
            return true;
        };
    }

    private static void write(RecordedCollection writer, Random random, Document document) {
        Key key = Key.of("key-" + random.nextInt(KEYS));
        try {
            switch (random.nextInt(4)) {
                case 0 -> writer.delete(key, Condition.none());
                case 1 -> writer.insert(key, document);
                case 2 -> writer.replace(key, document, Condition.none());
                default -> writer.upsert(key, document, java.util.Set.of());
            }
        } catch (CoreException e) {
            if (e.code() != ErrorCode.ALREADY_EXISTS
                    && e.code() != ErrorCode.NOT_FOUND
                    && e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
        }
    }
}
