package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever user code does, on real threads: no key is stuck, no worker is lost, nothing is unsaid. */
class ControllerFailureTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Backoff QUICK = Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(5));

    private final MemorySource<String> source = new MemorySource<>();
    private final Recorder<String> recorder = new Recorder<>();

    /** The ways in which user code can come back that are not a result. */
    enum Misdeed {
        EXCEPTION,
        UNCHECKED,
        ERROR,
        NO_MEMORY,
        STACK_OVERFLOW,
        NEITHER_EXCEPTION_NOR_ERROR,
        INTERRUPTED,
        NULL,
        INTERRUPTS_ITSELF;

        Result commit() throws Exception {
            return switch (this) {
                case EXCEPTION -> throw new java.io.IOException("misdeed");
                case UNCHECKED -> throw new IllegalStateException("misdeed");
                case ERROR -> throw new AssertionError("misdeed");
                case NO_MEMORY -> throw new OutOfMemoryError("misdeed");
                case STACK_OVERFLOW -> overflow(0);
                case NEITHER_EXCEPTION_NOR_ERROR ->
                    throw ControllerFailureTest.<RuntimeException>undeclared(new Throwable("misdeed"));
                case INTERRUPTED -> throw new InterruptedException("misdeed");
                case NULL -> null;
                case INTERRUPTS_ITSELF -> {
                    Thread.currentThread().interrupt();
                    yield Result.done();
                }
            };
        }
    }

    private static Result overflow(int depth) {
        return depth < 0 ? Result.done() : overflow(depth + 1);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Deceives the compiler on purpose.
    private static <T extends Throwable> T undeclared(Throwable error) throws T {
        throw (T) error;
    }

    @AfterEach
    void noThreadIsLeft() {
        await().atMost(LONG).until(() -> ControllerCloseTest.threads("failing").isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void everyKeyRunsInTheEnd(Misdeed misdeed) {
        Set<String> done = ConcurrentHashMap.newKeySet();
        AtomicInteger interrupted = new AtomicInteger();
        try (Controller<String> controller = Controller.named("failing")
                .source(source)
                .workers(2)
                .retry(QUICK)
                .listener(recorder)
                .start((key, context) -> {
                    if (Thread.currentThread().isInterrupted()) {
                        interrupted.incrementAndGet();
                    }
                    if (context.attempt() <= 2) {
                        return misdeed.commit();
                    }
                    done.add(key);
                    return Result.done();
                })) {
            assertThat(controller.awaitIdle(LONG)).as("the list is through").isTrue();
            for (int i = 0; i < 20; i++) {
                source.put("key-" + i);
            }
            await().atMost(LONG).until(() -> done.size() == 20);
            assertThat(controller.awaitIdle(LONG)).isTrue();
            assertThat(controller.stats().failures()).isEqualTo(40);
            assertThat(interrupted).as("runs that got another's interrupt").hasValue(0);
        }
        assertThat(recorder.failures).hasSize(40);
        if (misdeed == Misdeed.NULL) {
            assertThat(recorder.failures.element()).hasMessageContaining("returned null");
        }
        if (misdeed == Misdeed.INTERRUPTS_ITSELF) {
            assertThat(ErrorCode.of(recorder.failures.element())).isEqualTo(ErrorCode.CANCELED);
        }
    }

    @Test
    void aKeyThatFailsBeforeAThousandOthersBlocksNothing() {
        CountDownLatch full = new CountDownLatch(1);
        Set<String> done = ConcurrentHashMap.newKeySet();
        try (Controller<String> controller = Controller.named("failing")
                .source(source)
                .workers(1)
                .retry(QUICK)
                .start((key, context) -> {
                    full.await();
                    if (key.equals("bad") && context.attempt() < 5) {
                        throw new IllegalStateException("bad");
                    }
                    done.add(key);
                    return Result.done();
                })) {
            source.put("bad");
            for (int i = 0; i < 1_024; i++) {
                source.put("key-" + i);
            }
            full.countDown();
            await().atMost(LONG).until(() -> done.size() == 1_025);
            assertThat(controller.awaitIdle(LONG)).isTrue();
        }
    }

    @Test
    void tenThousandDelaysAtOnceAllEnd() {
        Set<String> once = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        try (Controller<String> controller = Controller.named("failing")
                .source(source)
                .start((key, context) -> {
                    if (once.add(key)) {
                        return Result.requeueAfter(Duration.ofMillis(100));
                    }
                    twice.incrementAndGet();
                    return Result.done();
                })) {
            assertThat(controller.awaitIdle(LONG)).as("the list is through").isTrue();
            for (int i = 0; i < 10_000; i++) {
                source.put("key-" + i);
            }
            await().atMost(LONG).until(() -> twice.get() == 10_000);
            assertThat(controller.awaitIdle(LONG)).isTrue();
        }
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        ControllerListener<String> throwing = new ControllerListener<>() {
            @Override
            public void onFailed(String key, int attempt, Throwable error, Duration retryIn) {
                throw new AssertionError("listener");
            }

            @Override
            public void onParked(ParkedKey<String> parked) {
                throw new IllegalStateException("listener");
            }
        };
        try (Controller<String> controller = Controller.named("failing")
                .source(source)
                .workers(1)
                .retry(QUICK.parkAfter(3))
                .listener(throwing)
                .start((key, context) -> {
                    throw new IllegalStateException("always");
                })) {
            source.put("a");
            source.put("b");
            await().atMost(LONG).until(() -> controller.parked().size() == 2);
            assertThat(controller.awaitIdle(LONG)).isTrue();
        }
    }

    @Test
    void aParkedKeyIsFreedByHand() {
        AtomicInteger mended = new AtomicInteger();
        source.put("a");
        source.put("b");
        try (Controller<String> controller = Controller.named("failing")
                .source(source)
                .retry(QUICK.parkAfter(2))
                .listener(recorder)
                .start((key, context) -> mended.get() > 0 ? Result.done() : Result.park("not mended"))) {
            await().atMost(LONG).until(() -> controller.parked().size() == 2);
            assertThat(controller.parked()).extracting(ParkedKey::reason).containsOnly("not mended");
            assertThat(recorder.parked).hasSize(2);
            mended.set(1);
            assertThat(controller.resume("c")).isFalse();
            assertThat(controller.resume("a")).isTrue();
            assertThat(controller.resumeAll()).isEqualTo(1);
            assertThat(controller.awaitIdle(LONG)).isTrue();
            assertThat(controller.stats()).isEqualTo(new ControllerStats(0, 0, 0, 0, 4, 0));
        }
    }

    @Test
    void aKeyThatCanNotBeHashedIsAFailureOfItsSource() {
        record Poison(String name) {
            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }
        }
        MemorySource<Object> objects = new MemorySource<>();
        Recorder<Object> heard = new Recorder<>();
        KeySource<Object> poisoned = new KeySource<>() {
            @Override
            public Keys<Object> keys() {
                return objects.keys();
            }

            @Override
            public KeySubscription subscribe(KeySink<Object> sink) {
                sink.changed(new Poison("x"), 0);
                return objects.subscribe(sink);
            }
        };
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        try (Controller<Object> controller = Controller.named("failing")
                .source(objects)
                .source(poisoned)
                .listener(heard)
                .start((key, context) -> {
                    seen.add(key);
                    return Result.done();
                })) {
            await().atMost(LONG).until(() -> !heard.sourceFailures.isEmpty());
            objects.put("good");
            await().atMost(LONG).until(() -> seen.equals(Set.of("good")));
            assertThat(heard.sourceFailures.element()).hasMessage("no hash");
        }
    }

    @Test
    void aKeyThatChangesWhileItIsWorkedOnStopsNoWorker() {
        AtomicInteger spoiled = new AtomicInteger();
        final class Spoiling {
            @Override
            public int hashCode() {
                if (spoiled.get() > 0) {
                    throw new IllegalStateException("spoiled");
                }
                return 1;
            }
        }
        MemorySource<Object> objects = new MemorySource<>();
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        try (Controller<Object> controller = Controller.named("failing")
                .source(objects)
                .workers(1)
                .start((key, context) -> {
                    if (key instanceof Spoiling) {
                        spoiled.incrementAndGet();
                    } else {
                        seen.add(key);
                    }
                    return Result.done();
                })) {
            assertThat(controller.awaitIdle(LONG)).as("the list is through").isTrue();
            controller.enqueue(new Spoiling());
            await().atMost(LONG).until(() -> spoiled.get() == 1);
            controller.enqueue("good");
            await().atMost(LONG).until(() -> seen.equals(Set.of("good")));
            assertThat(controller.stats().running()).isZero();
        }
    }

    @Test
    void wrongChoicesAreRefused() {
        ControllerBuilder<String> builder = Controller.named("failing").source(source);
        List<Runnable> wrong = List.of(
                () -> Controller.named(""),
                () -> Controller.named("1st"),
                () -> Controller.named("a b"),
                () -> builder.workers(0),
                () -> builder.drainTimeout(Duration.ofSeconds(-1)),
                () -> builder.resyncEvery(Duration.ZERO));
        for (Runnable call : wrong) {
            org.assertj.core.api.Assertions.assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }
}
