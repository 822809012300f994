package org.corestack.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.store.StoreCollection;

/**
 * Latencies from the confirmation of a write to its sight, in microseconds.
 *
 * @param missing how many writes were never seen
 * @param perSecond how many writes were confirmed a second
 */
record FeedLatency(long p50Micros, long p99Micros, long maxMicros, int writes, int missing, long perSecond) {
    private static final int WRITERS = 8;

    /** Keys, and when each was confirmed. */
    record Writes(Map<String, Long> confirmed, long micros) {}

    /** Writes with pauses, so that the watcher is at rest each time. */
    static Writes atRest(StoreCollection events, String prefix, int writes) throws InterruptedException {
        Random random = new Random(1);
        Map<String, Long> confirmed = new LinkedHashMap<>();
        long began = Micros.now();
        for (int i = 0; i < writes; i++) {
            Thread.sleep(20 + random.nextInt(60));
            insert(events, prefix + "-" + i, confirmed);
        }
        long took = Micros.now() - began;
        Thread.sleep(500);
        return new Writes(confirmed, took);
    }

    /** Writes at a steady rate, by several threads, each of which starts its writes on time if the database lets it. */
    static Writes atRate(StoreCollection events, String prefix, int writes, int perSecond) throws InterruptedException {
        Map<String, Long> confirmed = new ConcurrentHashMap<>();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        long began = System.nanoTime();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = writer;
            writers.execute(() -> {
                for (int i = first; i < writes; i += WRITERS) {
                    long due = began + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
                    java.util.concurrent.locks.LockSupport.parkNanos(due - System.nanoTime());
                    insert(events, prefix + "-" + i, confirmed);
                }
            });
        }
        writers.shutdown();
        if (!writers.awaitTermination(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the writes did not end");
        }
        long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
        Thread.sleep(1_000);
        return new Writes(confirmed, took);
    }

    private static void insert(StoreCollection events, String key, Map<String, Long> confirmed) {
        events.insert(Key.of(key), Document.of("n", 1));
        confirmed.put(key, Micros.now());
    }

    static FeedLatency of(Writes writes, Map<String, Long> seen) {
        Histogram histogram = new Histogram(3);
        int missing = 0;
        for (Map.Entry<String, Long> write : writes.confirmed().entrySet()) {
            Long at = seen.get(write.getKey());
            if (at == null) {
                missing++;
            } else {
                // a callback can come before the writer has its confirmation: that is a latency of zero
                histogram.recordValue(Math.max(0, at - write.getValue()));
            }
        }
        int count = writes.confirmed().size();
        return new FeedLatency(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getMaxValue(),
                count,
                missing,
                Math.round(1e6 * count / writes.micros()));
    }

    @Override
    public String toString() {
        return String.format(
                "p50 %.2f ms, p99 %.2f ms, max %.2f ms (%d writes, %d a second, %d never seen)",
                p50Micros / 1000.0, p99Micros / 1000.0, maxMicros / 1000.0, writes, perSecond, missing);
    }
}
