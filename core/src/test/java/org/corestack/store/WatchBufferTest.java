package org.corestack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.junit.jupiter.api.Test;

class WatchBufferTest {
    private static final Duration NOW = Duration.ZERO;

    private final WatchBuffer buffer = new WatchBuffer(3, 1_000);

    private static Position at(int number) {
        return new Position("p" + number);
    }

    private static CollectionChange change(int number, int bytes) {
        Document document = Document.of("t", "x".repeat(bytes));
        return new CollectionChange(
                "c", new Change(Key.of(number), Operation.UPDATE, document, number, Instant.EPOCH, "s", at(number)));
    }

    private static List<CollectionChange> changes(int from, int to) {
        List<CollectionChange> changes = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            changes.add(change(i, 1));
        }
        return changes;
    }

    private boolean offer(int from, int to) {
        return buffer.offer(changes(from, to), at(to), 0);
    }

    private WatchBuffer.Item take() {
        try {
            return buffer.take(NOW);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static CoreException failure() {
        return new CoreException(ErrorCode.UNAVAILABLE, "down");
    }

    @Test
    void givesWhatIsOfferedInOrder() {
        assertThat(offer(1, 2)).isTrue();
        assertThat(offer(3, 3)).isTrue();
        assertThat(take()).isEqualTo(new WatchBuffer.Delivery(changes(1, 2), at(2), 0));
        assertThat(take()).isEqualTo(new WatchBuffer.Delivery(changes(3, 3), at(3), 0));
        assertThat(take()).isNull();
    }

    @Test
    void anOverflowDetachesWithoutAGap() {
        assertThat(offer(1, 2)).isTrue();
        assertThat(offer(3, 4)).isFalse();
        assertThat(offer(5, 5)).as("nothing behind the gap").isFalse();
        assertThat(take()).isEqualTo(new WatchBuffer.Delivery(changes(1, 2), at(2), 0));
        assertThat(take()).isEqualTo(WatchBuffer.Detached.INSTANCE);
        assertThat(take()).isNull();
    }

    @Test
    void roomThatIsMadeCanBeUsed() {
        for (int i = 0; i < 100; i++) {
            assertThat(offer(3 * i, 3 * i + 2)).isTrue();
            assertThat(take()).isNotNull();
        }
    }

    @Test
    void oneBatchThatIsTooLargeIsTakenAlone() {
        assertThat(offer(1, 10)).isTrue();
        assertThat(offer(11, 11)).isFalse();
        assertThat(take()).isEqualTo(new WatchBuffer.Delivery(changes(1, 10), at(10), 0));
    }

    @Test
    void bytesCountToo() {
        assertThat(buffer.offer(List.of(change(1, 600)), at(1), 0)).isTrue();
        assertThat(buffer.offer(List.of(change(2, 600)), at(2), 0)).isFalse();
    }

    @Test
    void ofTwoBookmarksTheLaterIsKept() {
        for (int i = 1; i <= 100; i++) {
            assertThat(buffer.offer(List.of(), at(i), 0)).isTrue();
        }
        assertThat(take()).isEqualTo(new WatchBuffer.Delivery(List.of(), at(100), 0));
        assertThat(take()).isNull();
    }

    @Test
    void aFailureIsToldOnceInARow() {
        buffer.fail(failure());
        buffer.fail(failure());
        assertThat(take()).isInstanceOf(WatchBuffer.Failure.class);
        assertThat(take()).isNull();
    }

    @Test
    void aDatabaseThatComesAndGoesDoesNotFillABufferThatNobodyEmpties() {
        for (int i = 1; i < 1_000; i++) {
            buffer.fail(failure());
            buffer.offer(List.of(), at(i), 0);
        }
        int items = 0;
        while (take() != null) {
            items++;
        }
        assertThat(items).isLessThan(20);
    }

    @Test
    void detachingEndsAWait() throws Exception {
        CompletableFuture<WatchBuffer.Item> taken = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                taken.complete(buffer.take(Duration.ofSeconds(30)));
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        waiting.start();
        buffer.detach();
        buffer.detach();
        assertThat(taken.get()).isEqualTo(WatchBuffer.Detached.INSTANCE);
        waiting.join();
        assertThat(take()).isNull();
    }

    @Test
    void whatIsTakenIsWhatWasOfferedUpToTheGap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            WatchBuffer tried = new WatchBuffer(1 + random.nextInt(6), 1 + random.nextInt(200));
            List<CollectionChange> offered = new ArrayList<>();
            List<CollectionChange> taken = new ArrayList<>();
            int next = 1;
            boolean open = true;
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(3) > 0) {
                    List<CollectionChange> batch = changes(next, next + random.nextInt(4) - 1);
                    next += batch.size();
                    open = tried.offer(batch, at(next), 0) && open;
                    if (open) {
                        offered.addAll(batch);
                    }
                } else {
                    drainOne(tried, taken);
                }
            }
            tried.detach();
            while (drainOne(tried, taken)) {
                continue;
            }
            assertThat(taken).as("seed %s", seed).isEqualTo(offered);
        }
    }

    /** Takes an item; whether there may be more. */
    private static boolean drainOne(WatchBuffer from, List<CollectionChange> into) {
        try {
            WatchBuffer.Item item = from.take(NOW);
            if (item instanceof WatchBuffer.Delivery delivery) {
                into.addAll(delivery.changes());
            }
            return item != null && item != WatchBuffer.Detached.INSTANCE;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
