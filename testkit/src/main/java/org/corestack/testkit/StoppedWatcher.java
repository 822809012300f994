package org.corestack.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.document.Change;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;

/** Watches twice: one watcher is stopped at its first change until told to go on, the other goes on all the time. */
final class StoppedWatcher {
    static final String HELD = "HELD";
    static final String OTHER_DONE = "OTHER-DONE";
    static final String DONE = "DONE";
    static final String FAILED = "FAILED";

    private StoppedWatcher() {}

    public static void main(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[2]);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(1);
        WatchOptions options = WatchOptions.ofDefaults().withFrom(new Position(arguments[1]));
        try (StoreClient client =
                StoreClient.open(arguments[0], ClientOptions.ofDefaults().withTimeout(Duration.ofSeconds(60)))) {
            StoreCollection collection = ContractBase.thingsOf(client);
            try (Watch held = collection.watch(options, new Counting(count, all) {
                        @Override
                        public void onChange(Change change) throws Exception {
                            if (heard() == 0) {
                                System.out.println(HELD);
                                go.await();
                            }
                            super.onChange(change);
                        }
                    });
                    Watch other = collection.watch(options, new Counting(count, new CountDownLatch(1)) {
                        @Override
                        void done() {
                            System.out.println(OTHER_DONE);
                        }
                    })) {
                KilledWriter.awaitInput();
                go.countDown();
                all.await();
            }
            System.out.println(DONE);
        }
    }

    /** Counts what it hears. */
    private static class Counting implements WatchListener {
        private final int count;
        private final CountDownLatch all;
        private final AtomicInteger heard = new AtomicInteger();

        Counting(int count, CountDownLatch all) {
            this.count = count;
            this.all = all;
        }

        int heard() {
            return heard.get();
        }

        @Override
        public void onChange(Change change) throws Exception {
            if (heard.incrementAndGet() == count) {
                done();
            }
        }

        void done() {
            all.countDown();
        }

        @Override
        public void onFailure(CoreException error) {
            System.out.println(FAILED + " " + error.getMessage());
        }
    }
}
