package org.corestack.sqlite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.corestack.errors.CoreException;

/** What waits for the writer. Thread-safe. */
final class WriteQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<WriteTask<?>> tasks = new ArrayDeque<>(); // guarded by lock
    private boolean closed; // guarded by lock
    private boolean woken; // guarded by lock

    /**
     * Adds a task, without waking who waits for one.
     *
     * @throws CoreException FAILED_PRECONDITION if the queue is closed
     */
    void add(WriteTask<?> task) {
        lock.lock();
        try {
            if (closed) {
                throw CoreException.failedPrecondition(task.doing() + " failed: the store client is closed");
            }
            tasks.addLast(task);
        } finally {
            lock.unlock();
        }
    }

    /** Has who waits for a task look whether there is one, or something else to be done. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return tasks.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits to be woken, at most for a time; whether there may be a task. */
    boolean awaitTask(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!woken && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
            return !tasks.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a task is there whose caller still waits. */
    boolean isWanted() {
        lock.lock();
        try {
            return tasks.stream().anyMatch(WriteTask::isWanted);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest tasks for the writer, without those whose callers gave up. */
    List<WriteTask<?>> claim(int most) {
        List<WriteTask<?>> claimed = new ArrayList<>();
        lock.lock();
        try {
            while (claimed.size() < most && !tasks.isEmpty()) {
                WriteTask<?> task = tasks.removeFirst();
                if (task.claim()) {
                    claimed.add(task);
                }
            }
        } finally {
            lock.unlock();
        }
        return claimed;
    }

    /** Drops those whose callers are about to give up, or did. */
    void dropUnwanted() {
        lock.lock();
        try {
            for (Iterator<WriteTask<?>> all = tasks.iterator(); all.hasNext(); ) {
                if (!all.next().isWanted()) {
                    all.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further tasks. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it refuses tasks and has none. */
    boolean isDrained() {
        lock.lock();
        try {
            return closed && tasks.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
