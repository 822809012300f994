package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final MemorySource<String> source = new MemorySource<>();

    @Test
    void listedAndChangedKeysAreRun() {
        source.put("listed");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        try (Controller<String> controller = Controller.named("test")
                .source(source)
                .start((key, context) -> {
                    seen.add(key);
                    return Result.done();
                })) {
            assertThat(controller.awaitIdle(LONG)).isTrue();
            assertThat(seen).containsExactly("listed");
            source.put("changed");
            assertThat(controller.awaitIdle(LONG)).isTrue();
            assertThat(seen).containsExactlyInAnyOrder("listed", "changed");
            controller.enqueue("asked for");
            assertThat(controller.awaitIdle(LONG)).isTrue();
            assertThat(seen).contains("asked for");
            assertThat(controller.stats()).isEqualTo(new ControllerStats(0, 0, 0, 0, 3, 0));
        }
    }

    @Test
    void aFailureIsRetriedUntilItGoesWell() {
        source.put("a");
        ConcurrentLinkedQueue<Integer> attempts = new ConcurrentLinkedQueue<>();
        Backoff quick = Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(5));
        try (Controller<String> controller = Controller.named("test")
                .source(source)
                .retry(quick)
                .start((key, context) -> {
                    attempts.add(context.attempt());
                    if (context.attempt() < 4) {
                        throw new java.io.IOException("not yet");
                    }
                    return Result.done();
                })) {
            await().until(() -> attempts.size() == 4);
            assertThat(controller.awaitIdle(LONG)).isTrue();
            assertThat(attempts).containsExactly(1, 2, 3, 4);
            assertThat(controller.stats()).isEqualTo(new ControllerStats(0, 0, 0, 0, 4, 3));
        }
    }

    @Test
    void aThousandKeysAreSharedByTheWorkersAndNoneIsRunTwiceAtOnce() {
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        Set<String> running = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        try (Controller<String> controller = Controller.named("test")
                .source(source)
                .workers(8)
                .start((key, context) -> {
                    if (!running.add(key)) {
                        twice.incrementAndGet();
                    }
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(20_000);
                    now.decrementAndGet();
                    running.remove(key);
                    return Result.done();
                })) {
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < 1000; i++) {
                    source.put("key-" + i % 100);
                }
            }
            assertThat(controller.awaitIdle(LONG)).isTrue();
            assertThat(twice).hasValue(0);
            assertThat(most.get()).isBetween(1, 8);
        }
    }

    @Test
    void asManyKeysAreWorkedOnAtOnceAsThereAreWorkers() {
        CountDownLatch together = new CountDownLatch(8);
        try (Controller<String> controller = Controller.named("test")
                .source(source)
                .workers(8)
                .drainTimeout(Duration.ZERO)
                .start((key, context) -> {
                    together.countDown();
                    together.await();
                    return Result.done();
                })) {
            for (int i = 0; i < 8; i++) {
                source.put("key-" + i);
            }
            assertThat(controller.awaitIdle(LONG)).isTrue();
        }
    }

    @Test
    void afterCloseNothingIsTakenIn() {
        Controller<String> controller = Controller.named("test").source(source).start((key, context) -> Result.done());
        controller.close();
        controller.close();
        source.put("late");
        assertThat(controller.stats().runs()).isZero();
        assertThatThrownBy(() -> controller.enqueue("late"))
                .isInstanceOfSatisfying(
                        CoreException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.FAILED_PRECONDITION));
    }
}
