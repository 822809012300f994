package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ControllerCloseTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final MemorySource<String> source = new MemorySource<>();
    private final Recorder<String> recorder = new Recorder<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    /** The live threads of a controller, as far as the JVM lists them. */
    static List<String> threads(String controller) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(controller + "-"))
                .toList();
    }

    @AfterEach
    void noThreadIsLeft() {
        release.countDown();
        await().atMost(LONG).until(() -> threads("closing").isEmpty());
    }

    private ControllerBuilder<String> builder() {
        return Controller.named("closing").source(source).listener(recorder).workers(2);
    }

    @Test
    void whatRunsIsDrainedAndWhatWaitsIsNotBegun() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        AtomicBoolean told = new AtomicBoolean();
        Controller<String> controller = builder().workers(1).start((key, context) -> {
            entered.countDown();
            release.await();
            told.set(context.isCancelled());
            ended.incrementAndGet();
            return Result.done();
        });
        source.put("runs");
        entered.await();
        source.put("waits");
        Thread closer = new Thread(controller::close);
        closer.start();
        await().atMost(LONG).until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        assertThat(ended).hasValue(0);
        release.countDown();
        closer.join();
        assertThat(ended).hasValue(1);
        assertThat(told).isTrue();
        assertThat(recorder.left).isEmpty();
        assertThat(recorder.failures).isEmpty();
        assertThat(threads("closing")).isEmpty();
        assertThat(controller.stats().runs()).isEqualTo(1);
    }

    @Test
    void whatDoesNotEndIsInterrupted() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        Controller<String> controller = builder()
                .drainTimeout(Duration.ofMillis(50))
                .start((key, context) -> {
                    entered.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                    return Result.done();
                });
        source.put("a");
        entered.await();
        controller.close();
        assertThat(interrupted).isTrue();
        assertThat(recorder.left).isEmpty();
        assertThat(threads("closing")).isEmpty();
    }

    @Test
    void whatIgnoresTheInterruptIsReported() throws Exception {
        Controller<String> controller = builder().drainTimeout(Duration.ZERO).start((key, context) -> {
            entered.countDown();
            boolean open = true;
            while (open) {
                try {
                    release.await();
                    open = false;
                } catch (InterruptedException e) {
                    // On purpose: this is the code that does not listen.
                }
            }
            return Result.done();
        });
        source.put("stubborn");
        entered.await();
        controller.close();
        assertThat(recorder.left).containsExactly(List.of("stubborn"));
    }

    @Test
    void aReconcileMayCloseItsOwnController() throws Exception {
        AtomicReference<Controller<String>> self = new AtomicReference<>();
        CountDownLatch returned = new CountDownLatch(1);
        self.set(builder().start((key, context) -> {
            entered.await();
            self.get().close();
            returned.countDown();
            return Result.done();
        }));
        source.put("a");
        entered.countDown();
        returned.await();
        self.get().close();
        assertThat(recorder.left).isEmpty();
        assertThat(recorder.failures).isEmpty();
    }

    @Test
    void aListenerMayCloseTheController() throws Exception {
        AtomicReference<Controller<String>> self = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        ControllerListener<String> closing = new ControllerListener<>() {
            @Override
            public void onFailed(String key, int attempt, Throwable error, Duration retryIn) {
                self.get().close();
                closed.countDown();
            }
        };
        self.set(builder().listener(closing).start((key, context) -> {
            entered.await();
            throw new IllegalStateException("boom");
        }));
        source.put("a");
        entered.countDown();
        closed.await();
        self.get().close();
    }

    @Test
    void aSourceThatHangsIsInterrupted() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        KeySource<String> hanging = new KeySource<>() {
            @Override
            public Keys<String> keys() throws Exception {
                entered.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                }
                return Keys.of(List.of());
            }

            @Override
            public KeySubscription subscribe(KeySink<String> sink) {
                return () -> {};
            }
        };
        Controller<String> controller =
                builder().source(hanging).drainTimeout(Duration.ofMillis(20)).start((key, context) -> Result.done());
        entered.await();
        controller.close();
        assertThat(interrupted).isTrue();
        assertThat(recorder.sourceFailures).isEmpty();
        assertThat(threads("closing")).isEmpty();
    }

    @Test
    void anInterruptedCloserDoesNotWaitAndKeepsItsFlag() throws Exception {
        Controller<String> controller = builder()
                .drainTimeout(Duration.ofHours(1))
                .start((key, context) -> {
                    entered.countDown();
                    release.await();
                    return Result.done();
                });
        source.put("a");
        entered.await();
        Thread.currentThread().interrupt();
        controller.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(recorder.failures).hasSize(1);
    }

    @Test
    void manyMayCloseAtOnceAndAllReturnWhenItIsClosed() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        Controller<String> controller = builder().start((key, context) -> {
            entered.countDown();
            release.await();
            ended.set(true);
            return Result.done();
        });
        source.put("a");
        entered.await();
        AtomicInteger early = new AtomicInteger();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread closer = new Thread(() -> {
                controller.close();
                if (!ended.get()) {
                    early.incrementAndGet();
                }
            });
            closers.add(closer);
            closer.start();
        }
        await().atMost(LONG)
                .until(() -> closers.stream().allMatch(closer -> closer.getState() == Thread.State.TIMED_WAITING));
        release.countDown();
        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(early).hasValue(0);
    }

    @RepeatedTest(10)
    void closeRacesWithKeysThatComeAndAreTaken() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        Set<String> running = ConcurrentHashMap.newKeySet();
        Controller<String> controller = builder().workers(4).start((key, context) -> {
            if (closed.get() || !running.add(key)) {
                late.incrementAndGet();
            }
            running.remove(key);
            return key.endsWith("7") ? Result.requeueAfter(Duration.ofMillis(1)) : Result.done();
        });
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> feeders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int feeder = i;
            Thread thread = new Thread(() -> {
                for (int n = 0; !stop.get(); n++) {
                    source.put("key-" + (n * 3 + feeder) % 50);
                    if (n % 500 == 499) {
                        source.relist();
                    }
                }
            });
            feeders.add(thread);
            thread.start();
        }
        await().atMost(LONG).until(() -> controller.stats().runs() > 100);
        controller.close();
        closed.set(true);
        long runs = controller.stats().runs();
        stop.set(true);
        for (Thread feeder : feeders) {
            feeder.join();
        }
        source.put("after");
        assertThat(late).as("runs after the close, or two at once").hasValue(0);
        assertThat(controller.stats().runs()).isEqualTo(runs);
        assertThat(controller.stats().running()).isZero();
        assertThat(threads("closing")).isEmpty();
    }

    @Test
    void waitingForIdleCanBeInterruptedAndRunsOutOfTime() throws Exception {
        try (Controller<String> controller = builder().start((key, context) -> {
            entered.countDown();
            release.await();
            return Result.done();
        })) {
            source.put("a");
            entered.await();
            assertThat(controller.awaitIdle(Duration.ofMillis(10))).isFalse();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> controller.awaitIdle(LONG))
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELED));
            assertThat(Thread.interrupted()).isTrue();
            release.countDown();
        }
    }
}
