package org.corestack.cli.replicate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Write;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;

/** Inserts, changes and deletes the documents of some numbers, over and over, on a thread of its own. */
final class BusyWriter implements AutoCloseable {
    private static final int AT_ONCE = 20;

    private final CompletableFuture<Long> writes = new CompletableFuture<>();
    private volatile boolean stopped;

    BusyWriter(StoreCollection collection, int numbers, long seed) {
        Thread thread = new Thread(
                () -> {
                    try {
                        writes.complete(run(collection, numbers, new Random(seed)));
                    } catch (RuntimeException | Error e) {
                        writes.completeExceptionally(e);
                    }
                },
                "busy-writer");
        thread.setDaemon(true);
        thread.start();
    }

    private long run(StoreCollection collection, int numbers, Random random) {
        long done = 0;
        for (int generation = 1; !stopped; generation++) {
            List<Write> some = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                int number = random.nextInt(numbers);
                Document document = Samples.document(number, generation);
                some.add(
                        random.nextInt(4) == 0
                                ? new Write.Delete(Samples.key(number), Condition.none())
                                : new Write.Upsert(Samples.key(number), document, Set.of()));
            }
            for (BulkResult result : collection.writeAll(some)) {
                done += result instanceof BulkResult.Applied ? 1 : 0;
            }
        }
        return done;
    }

    /** Stops, and gives how many writes took place. */
    long stop() throws Exception {
        stopped = true;
        return writes.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        stopped = true;
    }
}
