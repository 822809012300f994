package org.corestack.mail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * At most so many connections; the one used last is used next, and those that nobody needs end after a while.
 *
 * <p>A permit stands for a connection, whether it is open yet or not. The lock guards the idle ones; nothing that can wait
 * is done under it.
 */
final class ConnectionPool {
    private final MailConfig config;
    private final Semaphore permits;
    private final ScheduledThreadPoolExecutor timer;
    private final Object lock = new Object();
    private final Deque<Idle> idle = new ArrayDeque<>();
    private volatile boolean closed;

    private record Idle(Connection connection, long since) {}

    ConnectionPool(MailConfig config) {
        this.config = config;
        this.permits = new Semaphore(config.connections(), true);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> Workers.thread(config, "timer", task));
        // Its thread ends when nothing is idle.
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /**
     * Waits for the right to a connection.
     *
     * @param deadline by {@link System#nanoTime}
     * @throws CoreException with DEADLINE_EXCEEDED if all were busy until then
     */
    Lease acquire(long deadline) {
        try {
            if (!permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new CoreException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the total timeout of " + config.totalTimeout() + " passed while all " + config.connections()
                                + " connections to the mail server " + Failures.server(config) + " were busy");
            }
        } catch (InterruptedException e) {
            throw CoreException.interrupted("waiting for a connection to the mail server was interrupted", e);
        }
        if (closed) {
            permits.release();
            throw MailClient.closed();
        }
        synchronized (lock) {
            Idle last = idle.pollLast();
            return new Lease(this, last == null ? null : last.connection());
        }
    }

    void giveBack(Lease lease) {
        @Nullable Connection connection = lease.connection();
        if (connection != null) {
            keepOrQuit(connection);
        }
        permits.release();
    }

    private void keepOrQuit(Connection connection) {
        boolean kept;
        synchronized (lock) {
            kept = !closed;
            if (kept) {
                idle.addLast(new Idle(connection, System.nanoTime()));
                // One look at a time is enough: it plans the next.
                if (idle.size() == 1) {
                    plan(config.idleTimeout().toNanos());
                }
            }
        }
        if (!kept) {
            connection.quit();
        }
    }

    private void plan(long nanos) {
        // What it runs throws nothing, so there is nothing to be learned from the future.
        ScheduledFuture<?> unused = timer.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
    }

    private void expire() {
        long timeout = config.idleTimeout().toNanos();
        List<Connection> expired = new ArrayList<>();
        synchronized (lock) {
            long now = System.nanoTime();
            while (!idle.isEmpty() && now - idle.getFirst().since() >= timeout) {
                expired.add(idle.removeFirst().connection());
            }
            if (!idle.isEmpty() && !closed) {
                plan(timeout - (now - idle.getFirst().since()));
            }
        }
        Connection.quitAll(expired);
    }

    /**
     * Lets nobody in any more and waits for those who are.
     *
     * @return whether they were all done within the bound
     */
    boolean drain(Duration bound) {
        closed = true;
        boolean drained = false;
        try {
            drained = permits.tryAcquire(config.connections(), bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Whoever still waits finds it closed.
        permits.release(Integer.MAX_VALUE / 2);
        return drained;
    }

    /** Ends the idle connections; those that are given back later end then. */
    void close() {
        closed = true;
        List<Idle> left;
        synchronized (lock) {
            left = new ArrayList<>(idle);
            idle.clear();
        }
        timer.shutdownNow();
        Connection.quitAll(left.stream().map(Idle::connection).toList());
    }
}
