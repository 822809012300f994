package org.corestack.sqlite;

import java.time.Duration;
import java.util.Map;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** Reads the log from a place on, and waits at its end. */
final class SqliteChangeReader implements ChangeReader {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    /** Where commits follow each other closely, several are read at once: each look costs more than what it finds. */
    private static final long SHORTEST_NANOS = Duration.ofMillis(4).toNanos();

    private final Database database;
    private final String store;
    private final String doing;
    private @Nullable SqlitePosition position; // null where the text was none
    private long lastLook;
    private boolean more = true;
    private volatile boolean closed;

    SqliteChangeReader(Database database, String store, Position from) {
        this.database = database;
        this.store = store;
        this.doing = "reading the changes of " + store;
        this.position = SqlitePosition.parse(from);
    }

    @Override
    public Outcome next(Map<String, Content> interest, Duration wait) {
        SqlitePosition from = position;
        if (from == null) {
            return new Lost(new Resync(Resync.Reason.NOT_A_POSITION, "the text is no position of a SQLite file"));
        }
        // What is read of a file that lies there no more is not what others write.
        database.identity().check();
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            long seen = beginLook();
            Outcome outcome = read(from, interest);
            long left = end - System.nanoTime();
            if (!isStill(outcome, from) || left <= 0) {
                return reached(outcome);
            }
            more = false;
            await(() -> database.signal().await(seen, left, () -> closed));
        }
    }

    /** Not sooner than a little after the last look, however many commits there are meanwhile. */
    private long beginLook() {
        if (!more) {
            await(() -> database.signal().pause(lastLook + SHORTEST_NANOS - System.nanoTime(), () -> closed));
        }
        if (closed) {
            throw new CoreException(ErrorCode.CANCELED, doing + " ended: the reader is closed");
        }
        lastLook = System.nanoTime();
        return database.signal().count();
    }

    private Outcome read(SqlitePosition from, Map<String, Content> interest) {
        return database.reads()
                .readAtOnce(
                        Deadline.in(READ_TIMEOUT),
                        doing,
                        session -> new LogPage(store, interest, from).read(session, database))
                .outcome(database.codec());
    }

    private static boolean isStill(Outcome outcome, SqlitePosition from) {
        return outcome instanceof Batch batch && batch.upTo().equals(from.toPosition());
    }

    private Outcome reached(Outcome outcome) {
        if (outcome instanceof Batch batch) {
            position = SqlitePosition.parse(batch.upTo());
            more = batch.more();
        }
        return outcome;
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    private void await(Waiting waiting) {
        try {
            waiting.run();
        } catch (InterruptedException e) {
            throw CoreException.interrupted(doing + " was interrupted", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        database.signal().wake();
    }
}
