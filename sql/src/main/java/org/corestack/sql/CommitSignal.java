package org.corestack.sql;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Wakes those who wait for a commit. Thread-safe. Of what it may miss they find out as they wait for a limited time. */
public final class CommitSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fired = lock.newCondition();
    private final Condition pausing = lock.newCondition();
    private final Runnable watched;
    private long count; // guarded by lock
    private int waiting; // guarded by lock

    /**
     * A signal.
     *
     * @param watched is run when somebody begins to wait where nobody did
     */
    public CommitSignal(Runnable watched) {
        this.watched = watched;
    }

    /** How often it was fired; to be asked before looking for what a commit may have brought. */
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** There may be something new. */
    public void fire() {
        lock.lock();
        try {
            count++;
            fired.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait or pause look again at whether they still want to. */
    public void wake() {
        lock.lock();
        try {
            fired.signalAll();
            pausing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until it is fired once more than {@code seen} times, the time is over, or it is given up.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(long seen, long nanos, BooleanSupplier givenUp) throws InterruptedException {
        if (begin()) {
            watched.run();
        }
        lock.lock();
        try {
            long left = nanos;
            while (count == seen && left > 0 && !givenUp.getAsBoolean()) {
                left = fired.awaitNanos(left);
            }
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            return waiting++ == 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the time is over or it is given up, and sleeps through what is committed meanwhile.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void pause(long nanos, BooleanSupplier givenUp) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !givenUp.getAsBoolean()) {
                left = pausing.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody waits to hear of a commit. */
    public boolean isAwaited() {
        lock.lock();
        try {
            return waiting > 0;
        } finally {
            lock.unlock();
        }
    }
}
