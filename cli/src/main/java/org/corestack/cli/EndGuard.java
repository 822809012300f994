package org.corestack.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.corestack.errors.CoreException;

/** Cleans up when the process is ended from outside, by Ctrl-C or SIGTERM, what came last first. Thread-safe. */
public final class EndGuard implements AutoCloseable {
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Deque<Runnable> cleanUps = new ArrayDeque<>(); // guarded by this
    private final String command;
    private final Thread hook;

    /**
     * On guard from now on.
     *
     * @param command the command that runs, for the name of its thread and for messages
     */
    public EndGuard(String command) {
        this.command = command;
        hook = new Thread(this::end, command + "-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end() {
        ending.countDown();
        List<Runnable> latestFirst;
        synchronized (this) {
            latestFirst = List.copyOf(cleanUps);
        }
        latestFirst.forEach(Runnable::run);
    }

    /**
     * Makes what has to be cleaned up. The end does not come between the two, so what takes time is not made here.
     *
     * @throws CoreException FAILED_PRECONDITION if the process is being ended, so that nothing is made any more
     */
    public synchronized <T> T make(Supplier<T> making, Consumer<T> cleanUp) {
        if (ending.getCount() == 0) {
            throw CoreException.failedPrecondition("the " + command + " is ending");
        }
        T made = making.get();
        cleanUps.push(() -> cleanUp.accept(made));
        return made;
    }

    /**
     * Never returns if the process is being ended, or begins to be within a time. A terminal sends Ctrl-C to the processes
     * that were started too, so that one may see them die before one hears of it oneself: that is no news then.
     */
    public void yieldToEnd(Duration within) throws InterruptedException {
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
