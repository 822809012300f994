package org.corestack.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.corestack.errors.ErrorCode;
import org.corestack.sql.JsonCodec;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what nobody waits for, on one thread: tells other processes of commits, and of the stores that this process
 * uses, trims the logs and deletes what has expired. Thread-safe.
 *
 * <p>Nothing that fails ends the thread: an error of any kind, of a data source of the user's own too, is said in the log,
 * and what it was about is tried again.
 *
 * <p>It tells after the commit and at most every few milliseconds: NOTIFY in the writer's own transaction makes all
 * writers of the database commit one after the other.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final long GAP_NANOS = Duration.ofMillis(20).toNanos();
    private static final long SWEEP_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Pool pool;
    private final JsonCodec codec;
    private final String source;
    private final Duration retention;
    private final boolean notifies;
    private final Duration between;
    private final Thread thread;
    private final Set<StoreName> stores = ConcurrentHashMap.newKeySet();
    private final Set<StoreName> untold = ConcurrentHashMap.newKeySet();
    /** What did not go well the last time; of the thread. */
    private final Map<String, ErrorCode> failing = new HashMap<>();

    private volatile boolean closed;

    /**
     * A keeper.
     *
     * @param notifies false in tests of what is heard without
     */
    Keeper(Pool pool, JsonCodec codec, EngineConfig config, String name, boolean notifies) {
        this.pool = pool;
        this.codec = codec;
        this.source = config.source();
        this.retention = config.retention();
        this.notifies = notifies;
        this.between = Duration.ofMillis(Math.max(50, Math.min(retention.toMillis() / 10, 60_000)));
        this.thread = new Thread(this::run, "corestack-keeper-" + name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Something was committed to a store. */
    void committed(StoreName store) {
        if (untold.add(store)) {
            stores.add(store);
            LockSupport.unpark(thread);
        }
    }

    /** Looks after a store from now on. */
    void keep(StoreName store) {
        if (stores.add(store)) {
            LockSupport.unpark(thread);
        }
    }

    private void sweep() {
        for (StoreName store : stores) {
            try {
                if (new ExpirySweep(pool, new PostgresDialect(codec, store), source, store).run()) {
                    untold.add(store);
                }
                succeeded("deleting what has expired in " + store);
            } catch (RuntimeException | Error e) {
                failed("deleting what has expired in " + store, e);
            }
        }
    }

    private void run() {
        long trimDue = System.nanoTime() + between.toNanos();
        long sweepDue = System.nanoTime() + SWEEP_NANOS;
        while (!closed) {
            long left = Math.min(trimDue, sweepDue) - System.nanoTime();
            if (untold.isEmpty() && (left > 0 || stores.isEmpty())) {
                LockSupport.parkNanos(this, stores.isEmpty() ? SWEEP_NANOS : left);
                continue;
            }
            if (trimDue - System.nanoTime() <= 0) {
                trim();
                trimDue = System.nanoTime() + between.toNanos();
            }
            if (sweepDue - System.nanoTime() <= 0) {
                sweep();
                sweepDue = System.nanoTime() + SWEEP_NANOS;
            }
            tell();
            rest();
        }
    }

    /** Each commit wakes the thread, so that it has to look whether its rest is over. */
    private void rest() {
        long end = System.nanoTime() + GAP_NANOS;
        for (long left = GAP_NANOS; left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void tell() {
        List<StoreName> news = new ArrayList<>(untold);
        news.forEach(untold::remove);
        if (news.isEmpty() || !notifies) {
            return;
        }
        try {
            pool.own(Deadline.in(PATIENCE), "telling of commits", session -> {
                for (StoreName store : news) {
                    session.exists("SELECT pg_notify('" + Listener.CHANNEL + "', ?)", store.schema());
                }
                return true;
            });
        } catch (RuntimeException | Error e) {
            LOG.debug("other processes were not told of commits; they poll", e);
        }
    }

    private void trim() {
        for (StoreName store : stores) {
            try {
                new LogTrim(pool, store, retention, between).run();
                succeeded("trimming the log of " + store);
            } catch (RuntimeException | Error e) {
                failed("trimming the log of " + store, e);
            }
        }
    }

    /** A server that is away for an hour is no news every few seconds. */
    private void failed(String what, Throwable error) {
        if (closed || PostgresErrors.isMissingTable(error)) {
            return;
        }
        ErrorCode code = ErrorCode.of(error);
        if (code != failing.put(what, code)) {
            LOG.warn("{} failed; it is tried again, and the same failure is not logged again", what, error);
        } else {
            LOG.debug("{} failed again", what, error);
        }
    }

    private void succeeded(String what) {
        if (failing.remove(what) != null) {
            LOG.info("{} goes well again", what);
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
