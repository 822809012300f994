package org.corestack.sqlite;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When to look for commits of other processes: often right after the operating system has told of a write to the
 * write-ahead log, seldom else; every ten milliseconds where it tells nothing. Used by one thread, closed by any.
 *
 * <p>The write is told before the commit can be seen, and with a slow disk long before: so the looks become rarer step by
 * step. The rarest ones are the net for a file system that does not tell of a write.
 */
final class WalEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalEvents.class);
    private static final long BLIND_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SHORTEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final @Nullable WatchService service;
    private final String wal;
    private long told;

    private WalEvents(@Nullable WatchService service, String wal) {
        this.service = service;
        this.wal = wal;
        this.told = System.nanoTime();
    }

    /** Listens to the folder of a file, if the system tells of writes (and has not run out of listeners). */
    static WalEvents of(SqliteFile file) {
        WatchService service = null;
        try {
            Path path = file.path().toRealPath(); // SQLite keeps its log where a link leads
            service = path.getFileSystem().newWatchService();
            // This one is not told either, but looks itself, every few seconds.
            boolean polls = service.getClass().getSimpleName().equals("PollingWatchService");
            if (!polls) {
                path.resolveSibling(".")
                        .register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
                return new WalEvents(service, path.getFileName() + "-wal");
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the system does not tell of writes to {}; it is looked at instead", file, e);
        }
        close(service);
        return new WalEvents(null, "");
    }

    /** Waits until it is time for the next look. */
    void await() throws InterruptedException {
        WatchService telling = service;
        if (telling == null) {
            LockSupport.parkNanos(this, BLIND_NANOS);
            return;
        }
        long since = System.nanoTime() - told;
        try {
            if (since < SOON_NANOS) {
                LockSupport.parkNanos(this, SHORTEST_REST_NANOS);
                WatchKey key = telling.poll();
                if (key != null) {
                    note(key);
                }
            } else {
                WatchKey key = telling.poll(since < LATE_NANOS ? 20 : 250, TimeUnit.MILLISECONDS);
                if (key != null && !note(key)) {
                    // In a folder where much else goes on the events follow each other without a rest.
                    LockSupport.parkNanos(this, SHORTEST_REST_NANOS);
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("the waiting for writes ends", e);
        }
    }

    /** Whether it tells of the log. */
    private boolean note(WatchKey key) {
        boolean ofLog = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            ofLog |= event.context() == null || event.context().toString().equals(wal); // none: too many to name
        }
        key.reset();
        if (ofLog) {
            told = System.nanoTime();
        }
        return ofLog;
    }

    @Override
    public void close() {
        close(service);
    }

    private static void close(@Nullable WatchService service) {
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException e) {
            LOG.warn("a listener to a folder could not be closed", e);
        }
    }
}
