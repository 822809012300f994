package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.corestack.sql.CommitSignal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices the commits of other processes while somebody waits for them: one thread with one connection, which
 * looks at SQLite's counter of changes. Thread-safe.
 */
final class VersionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VersionWatch.class);
    private static final long AFTER_ERROR_NANOS = Duration.ofMillis(500).toNanos();

    private final SqliteFile file;
    private final CommitSignal signal = new CommitSignal(this::wake);
    private final WalEvents events;
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Session session; // of the thread

    VersionWatch(SqliteFile file) {
        this.file = file;
        this.events = WalEvents.of(file);
        this.thread = new Thread(this::run, "corestack-sqlite-watch");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** What is fired when there may be something new. */
    CommitSignal signal() {
        return signal;
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        long last = 0;
        while (!closed) {
            if (!signal.isAwaited()) {
                LockSupport.park(this);
                continue;
            }
            long version = version(last);
            if (version != last) {
                last = version;
                signal.fire();
            }
            pause(version);
        }
        drop();
    }

    private void pause(long version) {
        if (version < 0) {
            LockSupport.parkNanos(this, AFTER_ERROR_NANOS);
            return;
        }
        try {
            events.await();
        } catch (InterruptedException e) {
            LOG.debug("nobody interrupts this thread but a JVM that ends; it goes on", e);
        }
    }

    /** SQLite's number, which changes with each commit of another connection; negative if it can't be read. */
    private long version(long last) {
        try {
            Session watching = session;
            if (watching == null) {
                watching = file.open(SqliteFile.Mode.READ, () -> closed);
                session = watching;
            }
            try (ResultSet row = watching.query("PRAGMA data_version")) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            if (last >= 0 && !closed) {
                LOG.warn("commits of other processes to {} are not noticed at present", file, e);
            }
            drop();
            return -1;
        }
    }

    private void drop() {
        Session dropped = session;
        session = null;
        try {
            if (dropped != null) {
                dropped.close();
            }
        } catch (SQLException e) {
            LOG.warn("the watching connection to {} could not be closed", file, e);
        }
    }

    /** Ends the thread. Idempotent. */
    @Override
    public void close() {
        closed = true;
        events.close();
        LockSupport.unpark(thread);
        signal.fire();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends by itself
        }
    }
}
