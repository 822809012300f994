package org.corestack.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.corestack.document.Change;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.jspecify.annotations.Nullable;

/**
 * What waits between the shared reader, which never waits for it, and one watch. Thread-safe.
 *
 * <p>It begins unjoined; the reader joins it at a position and offers what comes behind. Once it overflows it
 * is detached: it gives what it holds, without a gap, then says so, and takes nothing more.
 */
final class WatchBuffer {
    /** What a watch takes out. */
    sealed interface Item {}

    /**
     * Changes of the watch's collection, possibly none.
     *
     * @param upTo how far the reader has come with them
     * @param upToDate a moment ({@link System#nanoTime}) all before which is in this delivery or an earlier one
     */
    record Delivery(List<CollectionChange> changes, Position upTo, long upToDate) implements Item {}

    /** The shared reader has trouble, which it retries. */
    record Failure(CoreException error) implements Item {}

    /** Nothing more will come: the watch must read on by itself. */
    enum Detached implements Item {
        INSTANCE
    }

    private final int capacity;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    // all guarded by lock
    private final Deque<Item> items = new ArrayDeque<>();
    private int waiting;
    private long bytes;
    private boolean detached;
    private @Nullable Position joinedAt;

    WatchBuffer(int capacity, long maxBytes) {
        this.capacity = capacity;
        this.maxBytes = maxBytes;
    }

    /** The reader, being at a position, will offer everything behind it. */
    void join(Position position) {
        lock.lock();
        try {
            joinedAt = position;
        } finally {
            lock.unlock();
        }
    }

    /** The position it was joined at; null while it has not been. */
    @Nullable
    Position joinedAt() {
        lock.lock();
        try {
            return joinedAt;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a delivery; false if it does not fit, upon which the buffer is detached. */
    boolean offer(List<CollectionChange> changes, Position upTo, long upToDate) {
        lock.lock();
        try {
            if (detached) {
                return false;
            }
            long size = sizeOf(changes);
            if (!changes.isEmpty() && waiting > 0 && (waiting + changes.size() > capacity || bytes + size > maxBytes)) {
                detach();
                return false;
            }
            if (items.size() > 2L * capacity) {
                detach(); // bookmarks and failures in turn, which nobody takes
                return false;
            }
            if (changes.isEmpty()
                    && items.peekLast() instanceof Delivery last
                    && last.changes().isEmpty()) {
                items.removeLast(); // of two bookmarks only the later is of use
            }
            waiting += changes.size();
            bytes += size;
            items.addLast(new Delivery(changes, upTo, upToDate));
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Tells of trouble, once while the last item is the same. */
    void fail(CoreException error) {
        lock.lock();
        try {
            if (!detached && items.size() <= 2L * capacity && !(items.peekLast() instanceof Failure)) {
                items.addLast(new Failure(error));
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more. */
    void detach() {
        lock.lock();
        try {
            if (!detached) {
                detached = true;
                items.addLast(Detached.INSTANCE);
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next item, or null if none came within the time. */
    @Nullable
    Item take(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long nanos = wait.toNanos();
            while (items.isEmpty()) {
                if (nanos <= 0) {
                    return null;
                }
                nanos = arrived.awaitNanos(nanos);
            }
            Item item = items.removeFirst();
            if (item instanceof Delivery delivery) {
                waiting -= delivery.changes().size();
                bytes -= sizeOf(delivery.changes());
            }
            return item;
        } finally {
            lock.unlock();
        }
    }

    private static long sizeOf(List<CollectionChange> changes) {
        long size = 0;
        for (CollectionChange one : changes) {
            Change change = one.change();
            size += change.before() == null ? 0 : change.before().size();
            size += change.document() == null ? 0 : change.document().size();
        }
        return size;
    }
}
