package org.corestack.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Write;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;

/** How many writes go through with watchers beside them, and how many changes a watcher catches up with. */
final class FeedThroughput {
    private static final int WRITERS = 4;
    private static final int BATCH = 1_000;

    private final StoreCollection events;
    private final AtomicLong number = new AtomicLong();

    FeedThroughput(StoreCollection events) {
        this.events = events;
    }

    /** Writes a second of some threads with watchers, as a share of those without, round by round. */
    Spread kept(int watchers, int rounds, long roundMillis) throws InterruptedException {
        List<Double> shares = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            // Who goes first changes, so that what the machine does besides hits both.
            double first = perSecond(round % 2 == 0 ? 0 : watchers, roundMillis);
            double second = perSecond(round % 2 == 0 ? watchers : 0, roundMillis);
            shares.add(round % 2 == 0 ? second / first : first / second);
        }
        return Spread.of(shares).rounded();
    }

    private double perSecond(int watchers, long millis) throws InterruptedException {
        AtomicLong seen = new AtomicLong();
        List<Watch> open = IntStream.range(0, watchers)
                .mapToObj(i -> events.watch(WatchOptions.ofDefaults(), change -> seen.incrementAndGet()))
                .toList();
        try {
            Thread.sleep(watchers == 0 ? 0 : 500); // time to join
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            AtomicLong written = new AtomicLong();
            List<Thread> writers = IntStream.range(0, WRITERS)
                    .mapToObj(i -> new Thread(() -> writeUntil(until, written), "writer-" + i))
                    .toList();
            long began = System.nanoTime();
            writers.forEach(Thread::start);
            for (Thread writer : writers) {
                writer.join();
            }
            return 1e9 * written.get() / (System.nanoTime() - began);
        } finally {
            open.forEach(Watch::close);
        }
    }

    private void writeUntil(long until, AtomicLong written) {
        while (System.nanoTime() < until) {
            int n = (int) number.incrementAndGet();
            events.insert(Key.of("t-" + n), Sample.document(n));
            written.incrementAndGet();
        }
    }

    /** Changes for somebody to catch up with. */
    void load(int changes) {
        for (int from = 0; from < changes; from += BATCH) {
            IntFunction<Write> insert = i -> {
                int n = (int) number.incrementAndGet();
                return new Write.Insert(Key.of("t-" + n), Sample.document(n));
            };
            events.writeAll(IntStream.range(from, Math.min(from + BATCH, changes))
                            .mapToObj(insert)
                            .toList())
                    .forEach(BulkResult::get);
        }
    }

    /** Changes a second of a watcher that begins so many behind. */
    double catchUp(Position from, int changes) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(changes);
        long began = System.nanoTime();
        try (Watch watch = events.watch(WatchOptions.ofDefaults().withFrom(from), change -> left.countDown())) {
            if (!left.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the watch, open: " + watch.isOpen() + ", did not catch up");
            }
            return 1e9 * changes / (System.nanoTime() - began);
        }
    }
}
