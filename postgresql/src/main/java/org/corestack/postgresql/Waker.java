package org.corestack.postgresql;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Wakes those who wait for commits to a store. Thread-safe. What it misses is found by polling. */
final class Waker {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fired = lock.newCondition();
    private long count; // guarded by lock
    private int waiting; // guarded by lock

    /** How often it was fired; to be asked before looking for what a commit may have brought. */
    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** There may be something new. */
    void fire() {
        lock.lock();
        try {
            count++;
            fired.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait look again at whether they still want to. */
    void wake() {
        lock.lock();
        try {
            fired.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is fired once more than {@code seen} times, the time is over, or it is given up. */
    void await(long seen, long nanos, BooleanSupplier givenUp) throws InterruptedException {
        lock.lock();
        try {
            waiting++;
            long left = nanos;
            while (count == seen && left > 0 && !givenUp.getAsBoolean()) {
                left = fired.awaitNanos(left);
            }
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /** Waits until the time is over or it is given up, whatever is committed meanwhile. */
    void pause(long nanos, BooleanSupplier givenUp) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !givenUp.getAsBoolean()) {
                left = fired.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody waits. */
    boolean isAwaited() {
        lock.lock();
        try {
            return waiting > 0;
        } finally {
            lock.unlock();
        }
    }
}
