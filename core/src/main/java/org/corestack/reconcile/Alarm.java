package org.corestack.reconcile;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls something at a point in time. One at a time is armed, the nearest asked for: what is armed costs nothing per key,
 * and what it calls says when it next wants to be called.
 *
 * <p>It is armed by absolute time, so a clock that moves between reading it and arming can't make it late.
 */
final class Alarm implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    private final Runnable target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    // Guarded by the lock, which is never held while the target runs.
    private boolean armed;
    private long at;
    private boolean closed;

    Alarm(Runnable target) {
        this.target = target;
    }

    void wakeAt(long nanos) {
        lock.lock();
        try {
            if (!armed || nanos - at < 0) {
                armed = true;
                at = nanos;
                moved.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            moved.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Rings until it is closed. */
    @Override
    public void run() {
        while (awaitNext()) {
            try {
                target.run();
            } catch (Throwable error) {
                // The target catches what user code throws, so this is an error of the JVM, such as no memory.
                LOG.error("A controller's alarm failed; it goes on in a second", error);
                wakeAt(System.nanoTime() + 1_000_000_000L);
            }
        }
    }

    /** Waits until what is armed is due, and disarms it; false once it is closed. */
    private boolean awaitNext() {
        lock.lock();
        try {
            while (!closed) {
                long left = armed ? at - System.nanoTime() : Long.MAX_VALUE;
                if (left <= 0) {
                    armed = false;
                    return true;
                }
                try {
                    long ignored = moved.awaitNanos(left);
                } catch (InterruptedException e) {
                    // The thread is ours alone, and only close() ends it.
                    LOG.debug("A controller's alarm was interrupted", e);
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }
}
