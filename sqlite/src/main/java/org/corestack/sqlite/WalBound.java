package org.corestack.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import org.corestack.store.spi.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the write-ahead log small. Used by who holds the writer's connection.
 *
 * <p>SQLite copies the log into the file by itself now and then, but begins it anew only in a moment when
 * nobody reads it; under steady readers that moment has to be made, by holding the new ones off for as long
 * as it takes the old ones to end. Ours end soon.
 */
final class WalBound {
    /** The size from which on the log is begun anew. */
    static final long MOST_BYTES = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(WalBound.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final long RETRY_BYTES = 4L << 20;

    private final SqliteFile file;
    private long bound = MOST_BYTES;

    WalBound(SqliteFile file) {
        this.file = file;
    }

    /** To be called after a commit, outside a transaction. */
    void check(Session session) {
        long size = size();
        if (size <= bound) {
            return;
        }
        try {
            session.patience(Patience.until(Deadline.in(PATIENCE)));
            session.run("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            session.forget();
            LOG.debug("the write-ahead log of {} could not be begun anew", file, e);
        }
        // A reader of another program may be in the way: then it is tried again when the log has grown further.
        long left = size();
        bound = left > MOST_BYTES ? left + RETRY_BYTES : MOST_BYTES;
    }

    private long size() {
        try {
            return Files.size(file.wal());
        } catch (IOException e) {
            return 0; // it is not there
        }
    }
}
