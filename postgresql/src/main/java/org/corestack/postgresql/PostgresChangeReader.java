package org.corestack.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.sql.CommitSignal;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log window by window, a window being what one snapshot saw and the one before did not, and polls at its
 * end: often while there is something, more and more seldom while there is nothing.
 */
final class PostgresChangeReader implements ChangeReader {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(11);
    private static final long SHORTEST_NANOS = Duration.ofMillis(8).toNanos();
    private static final long LONGEST_NANOS = Duration.ofMillis(250).toNanos();

    private final Database database;
    private final StoreName store;
    private final Schema schema;
    private final Milestones milestones;
    private final CommitSignal signal;
    private final String doing;
    private final Duration patience;
    private @Nullable PostgresPosition position; // null where the text was none
    private long lastPoll;
    private long restNanos = SHORTEST_NANOS;
    private boolean more = true;
    private int chunk = LogPage.FIRST_CHUNK;
    private boolean saidMore;
    private volatile boolean closed;

    /** What one poll came to: where it got to, with what on the way. */
    private record Step(
            PostgresPosition reached, PostgresPosition told, List<CollectionChange> changes, boolean rows) {}

    PostgresChangeReader(Database database, StoreName store, Schema schema, Milestones milestones, Position from) {
        this(database, store, schema, milestones, from, PATIENCE);
    }

    /**
     * A reader at a place.
     *
     * @param patience how long a read may take at first
     */
    PostgresChangeReader(
            Database database,
            StoreName store,
            Schema schema,
            Milestones milestones,
            Position from,
            Duration patience) {
        this.patience = patience;
        this.database = database;
        this.store = store;
        this.schema = schema;
        this.milestones = milestones;
        this.signal = database.signals().of(store);
        this.doing = "reading the changes of " + store;
        this.position = PostgresPosition.parse(from);
    }

    @Override
    public Outcome next(Map<String, Content> interest, Duration wait) {
        if (position == null) {
            return new Lost(new Resync(Resync.Reason.NOT_A_POSITION, "the text is no position of PostgreSQL"));
        }
        database.signals().watched();
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            long seen = beginPoll();
            Object polled = poll(interest);
            if (polled instanceof Resync resync) {
                return new Lost(resync);
            }
            Step step = (Step) polled;
            position = step.reached;
            long left = end - System.nanoTime();
            if (step.rows || left <= 0 || (saidMore && !more)) {
                restNanos = step.rows ? SHORTEST_NANOS : restNanos;
                saidMore = more;
                return new Batch(step.changes, step.told.toPosition(), more);
            }
            if (!more) {
                await(() -> signal.await(seen, Math.min(restNanos, left), () -> closed));
                restNanos = Math.min(2 * restNanos, LONGEST_NANOS);
                if (end - System.nanoTime() <= 0) { // whoever reads on polls at once
                    return new Batch(List.of(), step.told.toPosition(), false);
                }
            }
        }
    }

    /** Not sooner than a little after the last poll, however many commits there are meanwhile. */
    private long beginPoll() {
        if (!more) {
            await(() -> signal.pause(lastPoll + SHORTEST_NANOS - System.nanoTime(), () -> closed));
        }
        if (closed) {
            throw new CoreException(ErrorCode.CANCELED, doing + " ended: the reader is closed");
        }
        long seen = signal.count();
        lastPoll = System.nanoTime();
        return seen;
    }

    /** A {@link Resync} or a {@link Step}. */
    private Object poll(Map<String, Content> interest) {
        PostgresPosition from = Objects.requireNonNull(position);
        try {
            Object window = patiently(session -> read(session, from, new LogPage(store, interest, chunk)));
            if (window == Elsewhere.INSTANCE) {
                schema.adopt(Deadline.in(patience));
                window = patiently(session -> read(session, from, new LogPage(store, interest, chunk)));
            }
            return window instanceof Window found ? step(found) : window;
        } catch (CoreException e) {
            if (!PostgresErrors.isMissingTable(e)) {
                throw e;
            }
            if (!from.store().equals(PostgresPosition.NO_STORE)) {
                return new Resync(Resync.Reason.OTHER_HISTORY, "the log that the position is of was dropped");
            }
            // Nothing is moved: what is written first may be there already for a later statement.
            more = false;
            return new Step(from, from, List.of(), false);
        }
    }

    /**
     * Reads; where the server is at it for too long, as behind a place of long ago, it is given more and more time, as the
     * same would take as long the next time. So is one reader at a time: the others fail meanwhile, and are read again.
     */
    private Object patiently(Pool.Work<Object> work) {
        try {
            return database.pool().own(Deadline.in(patience), doing, work);
        } catch (CoreException e) {
            if (!PostgresErrors.isTimeUp(e)
                    || closed
                    || !database.pool().patience().tryAcquire()) {
                throw e;
            }
            chunk = LogPage.FIRST_CHUNK; // the documents may have become large
        }
        try {
            return morePatiently(work);
        } finally {
            database.pool().patience().release();
        }
    }

    private Object morePatiently(Pool.Work<Object> work) {
        Duration time = patience;
        while (true) {
            time = time.multipliedBy(4);
            try {
                return database.pool().own(Deadline.in(time), doing, work);
            } catch (CoreException e) {
                if (!PostgresErrors.isTimeUp(e)
                        || closed
                        || time.multipliedBy(4).compareTo(MOST_PATIENCE) > 0) {
                    throw e;
                }
            }
        }
    }

    /** The log was restored, and has to be begun anew. */
    private enum Elsewhere {
        INSTANCE
    }

    /**
     * The rows of (a part of) a window, whether they are its last, and whether it ends at what is seen only now; with what
     * they tell of once that is read.
     */
    private record Window(
            PostgresPosition place,
            LogQuery query,
            boolean ends,
            boolean isLatest,
            @Nullable LogPage page) {
        Window(PostgresPosition place, LogQuery query, boolean ends, boolean isLatest) {
            this(place, query, ends, isLatest, null);
        }

        Window with(LogPage read) {
            return new Window(place, query, ends, isLatest, read);
        }
    }

    private Object read(Session session, PostgresPosition from, LogPage page) throws SQLException {
        String history = session.history();
        if (!from.history().equals(history)) {
            return new Resync(
                    Resync.Reason.OTHER_HISTORY, "the position is of another database, cluster or timeline of it");
        }
        Window window = from.current() != null ? within(session, from) : ahead(session, from);
        if (!window.query.isAt(history)) {
            session.forgetHistory();
            return new Resync(Resync.Reason.OTHER_HISTORY, "another server answers, which went on by itself");
        }
        if (!window.query.isOf(session.cluster())) {
            return Elsewhere.INSTANCE;
        }
        Resync resync = resync(from, window.query);
        if (resync != null) {
            return resync;
        }
        List<LogRow> rows = window.query.rows();
        page.read(session, rows.size() > LogQuery.MOST_ROWS ? rows.subList(0, LogQuery.MOST_ROWS) : rows);
        return page.withoutImages()
                .<Object>map(row -> new Resync(
                        Resync.Reason.NO_IMAGES, "the change of " + row.key() + " has no images, or none any more"))
                .orElseGet(() -> window.with(page));
    }

    /** The next rows of the window that the position is in. */
    private Window within(Session session, PostgresPosition from) throws SQLException {
        LogQuery query = LogQuery.run(session, store, from.last(), from.current(), from.seq());
        return new Window(from, query, !query.isCut(), false);
    }

    /** The first rows behind a position at a snapshot: to where another reader stopped, else to what is seen now. */
    private Window ahead(Session session, PostgresPosition from) throws SQLException {
        PgSnapshot next = milestones.after(from.history(), from.last());
        if (next != null) {
            return to(session, from, next);
        }
        LogQuery query = LogQuery.run(session, store, from.last(), null, 0);
        PgSnapshot seen = query.snapshot();
        milestones.add(from.history(), seen);
        next = milestones.after(from.history(), from.last());
        if (next != null && !next.equals(seen)) {
            return to(session, from, next); // another reader was faster: this one stops where that one did
        }
        return new Window(window(from, query, next == null ? from.last() : seen), query, !query.isCut(), true);
    }

    private Window to(Session session, PostgresPosition from, PgSnapshot next) throws SQLException {
        LogQuery query = LogQuery.run(session, store, from.last(), next, 0);
        return new Window(window(from, query, next), query, !query.isCut(), false);
    }

    private static PostgresPosition window(PostgresPosition from, LogQuery query, PgSnapshot next) {
        return new PostgresPosition(from.history(), query.store(), from.last(), next, 0, 0);
    }

    private static @Nullable Resync resync(PostgresPosition from, LogQuery query) {
        boolean other = !from.store().equals(PostgresPosition.NO_STORE)
                && !query.store().equals(PostgresPosition.NO_STORE)
                && !from.store().equals(query.store());
        if (other || from.last().xmax() > query.snapshot().xmax()) {
            return new Resync(
                    Resync.Reason.OTHER_HISTORY, "the position is of a log that was dropped, or went on differently");
        }
        return from.last().xmin() < query.floor()
                ? new Resync(Resync.Reason.HISTORY_TRIMMED, "changes behind the position have been trimmed")
                : null;
    }

    private Step step(Window window) {
        PostgresPosition place = window.place;
        LogPage page = Objects.requireNonNull(window.page);
        chunk = page.chunk();
        List<CollectionChange> changes = new ArrayList<>(page.changes(database.codec(), place));
        boolean whole = window.ends && page.rows().size() == window.query.rows().size();
        PgSnapshot current = place.current();
        if (current == null) {
            more = false;
            return new Step(place, place, changes, false);
        }
        List<LogRow> rows = page.rows();
        long seq = rows.isEmpty() ? place.seq() : rows.get(rows.size() - 1).seq();
        PostgresPosition inside = place.ofRow(seq, 0);
        if (!whole) {
            more = true;
            return new Step(inside, inside, changes, true);
        }
        PostgresPosition rest = PostgresPosition.at(place.history(), place.store(), current);
        boolean stop = milestones.contains(place.history(), current) || current.equals(place.last());
        more = !stop || !window.isLatest || milestones.after(place.history(), current) != null;
        return new Step(rest, stop ? rest : inside, changes, !rows.isEmpty());
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
        signal.wake();
    }
}
