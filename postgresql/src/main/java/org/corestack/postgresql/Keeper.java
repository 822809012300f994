package org.corestack.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what nobody waits for, on one thread: tells other processes of commits, and trims the logs of the stores that
 * this process has written to. Thread-safe.
 *
 * <p>It tells after the commit and at most every few milliseconds: NOTIFY in the writer's own transaction makes all
 * writers of the database commit one after the other.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final long GAP_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Pool pool;
    private final Duration retention;
    private final boolean notifies;
    private final Duration between;
    private final Thread thread;
    private final Set<StoreName> written = ConcurrentHashMap.newKeySet();
    private final Set<StoreName> untold = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * A keeper.
     *
     * @param notifies false in tests of what is heard without
     */
    Keeper(Pool pool, String name, Duration retention, boolean notifies) {
        this.pool = pool;
        this.retention = retention;
        this.notifies = notifies;
        this.between = Duration.ofMillis(Math.max(50, Math.min(retention.toMillis() / 10, 60_000)));
        this.thread = new Thread(this::run, "corestack-keeper-" + name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Something was committed to a store. */
    void committed(StoreName store) {
        if (untold.add(store)) {
            written.add(store);
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        long due = System.nanoTime() + between.toNanos();
        while (!closed) {
            long left = due - System.nanoTime();
            if (untold.isEmpty() && (left > 0 || written.isEmpty())) {
                LockSupport.parkNanos(this, written.isEmpty() ? between.toNanos() : left);
                continue;
            }
            if (left <= 0) {
                trim();
                due = System.nanoTime() + between.toNanos();
            }
            tell();
            LockSupport.parkNanos(this, GAP_NANOS);
        }
    }

    private void tell() {
        List<StoreName> stores = new ArrayList<>(untold);
        stores.forEach(untold::remove);
        if (stores.isEmpty() || !notifies) {
            return;
        }
        try {
            pool.own(Deadline.in(PATIENCE), "telling of commits", session -> {
                for (StoreName store : stores) {
                    session.exists("SELECT pg_notify('" + Listener.CHANNEL + "', ?)", store.schema());
                }
                return true;
            });
        } catch (CoreException e) {
            LOG.debug("other processes were not told of commits; they poll", e);
        }
    }

    private void trim() {
        for (StoreName store : written) {
            try {
                new LogTrim(pool, store, retention, between).run();
            } catch (CoreException e) {
                if (!closed) {
                    LOG.warn("the log of {} could not be trimmed; it is tried again", store, e);
                }
            }
        }
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
}
