package org.corestack.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends operations whose threads were interrupted or whose deadlines have passed, or all when the engine is closed.
 * Thread-safe.
 *
 * <p>A thread that waits for the server's answer notices no interrupt. So one thread here looks after all that is in
 * flight, and asks the server to cancel what nobody waits for any longer.
 */
final class Guard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private final Set<Operation> running = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean resting;
    private volatile boolean closed;

    Guard(String name) {
        thread = new Thread(this::run, "corestack-guard-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Looks after what the calling thread does with a connection, until it ends it. */
    Operation begin(PGConnection connection, Deadline deadline) {
        Operation operation = new Operation(connection, Thread.currentThread(), deadline);
        running.add(operation);
        wake();
        return operation;
    }

    private void wake() {
        if (resting) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            boolean busy = false;
            for (Operation operation : running) {
                busy = true;
                if (operation.thread.isInterrupted() || operation.deadline.isExpired()) {
                    operation.cancel();
                }
            }
            pause(busy);
        }
    }

    /**
     * A short pause; where there was nothing to look after, one that the next operation ends. Where operations follow each
     * other closely, few of them come just then.
     */
    private void pause(boolean busy) {
        resting = !busy;
        if (!closed && !busy && running.isEmpty()) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        resting = false;
    }

    /** Cancels all that is in flight. */
    void cancelAll() {
        running.forEach(Operation::cancel);
    }

    /** Ends the thread. Idempotent. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread ends by itself
        }
    }

    /** What one thread does with one connection. */
    final class Operation {
        private final Thread thread;
        private final Deadline deadline;
        private @Nullable PGConnection connection; // guarded by this; null once it has ended
        private boolean canceled; // guarded by this

        private Operation(PGConnection connection, Thread thread, Deadline deadline) {
            this.connection = connection;
            this.thread = thread;
            this.deadline = deadline;
        }

        /** Asks the server to cancel. As it may hear of it late, the connection is not to be used again. */
        private synchronized void cancel() {
            if (connection != null && !canceled) {
                canceled = true;
                try {
                    connection.cancelQuery();
                } catch (SQLException e) {
                    LOG.debug("the server could not be asked to cancel; the deadline ends it", e);
                }
            }
        }

        /** Ends the guarding; whether it was cancelled. */
        boolean end() {
            running.remove(this);
            synchronized (this) {
                connection = null;
                return canceled;
            }
        }
    }
}
