package org.corestack.cli.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Cleans up when the process is ended from outside, by Ctrl-C or SIGTERM. Thread-safe. */
final class EndGuard implements AutoCloseable {
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread hook;

    /**
     * On guard from now on.
     *
     * @param cleanUp what to do then; it has little time
     */
    EndGuard(Runnable cleanUp) {
        hook = new Thread(
                () -> {
                    ending.countDown();
                    cleanUp.run();
                },
                "demo-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Never returns if the process is being ended, or begins to be within a time. A terminal sends Ctrl-C to the replicas
     * too, so that the demo may see them die before it hears of it itself: that is no news then.
     */
    void yieldToEnd(Duration within) throws InterruptedException {
        if (ending.await(within.toNanos(), TimeUnit.NANOSECONDS)) {
            new CountDownLatch(1).await();
        }
    }

    @Override
    public void close() {
        if (ending.getCount() > 0) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                ending.countDown(); // the end has just begun: the hook does its work
            }
        }
    }
}
