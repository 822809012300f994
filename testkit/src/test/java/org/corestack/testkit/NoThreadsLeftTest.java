package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NoThreadsLeftTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CountDownLatch end = new CountDownLatch(1);
    private final Set<Thread> before = NoThreadsLeft.threads();

    private Thread start(String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                name);
        thread.start();
        return thread;
    }

    @Test
    void aThreadThatIsLeftIsNamed() throws Exception {
        Thread left = start("corestack-left");
        assertThatThrownBy(() -> NoThreadsLeft.check(before, SHORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("corestack-left")
                .hasMessageContaining("CountDownLatch.await");
        end.countDown();
        left.join();
        NoThreadsLeft.check(before, SHORT);
    }

    @Test
    void aThreadThatIsEndingIsWaitedFor() throws Exception {
        start("corestack-ending");
        Thread ender = new Thread(() -> {
            Await.pause(SHORT);
            end.countDown();
        });
        ender.start();
        NoThreadsLeft.check(before, LONG);
        ender.join();
    }

    @Test
    void threadsOfOthersAndThoseFromBeforeAreNotMinded() throws Exception {
        Thread other = start("other");
        Thread early = start("corestack-early");
        NoThreadsLeft.check(Set.of(early), SHORT);
        end.countDown();
        other.join(TimeUnit.SECONDS.toMillis(30));
        early.join(TimeUnit.SECONDS.toMillis(30));
    }
}
