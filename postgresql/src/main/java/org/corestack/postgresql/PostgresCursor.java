package org.corestack.postgresql;

import java.sql.SQLException;
import java.util.List;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.sql.PagedQuery;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** A list, each batch of which is a read of its own that continues behind the last row. */
final class PostgresCursor implements Cursor {
    private static final int FIRST_ROWS = 20;
    private static final int MOST_ROWS = 2_000;
    /** What a page holds at the most, but for its last document: the more its documents take, the fewer they are. */
    private static final long BYTES = 4L << 20;

    private final Database database;
    private final Access access;
    private final PagedQuery query;
    private final CollectionName name;
    private final String doing;
    private long remaining;
    private int rows = FIRST_ROWS;
    private int stage;
    private @Nullable List<Object> anchor;
    private volatile boolean ended;

    PostgresCursor(Database database, Access access, CollectionName name, PagedQuery query, long limit) {
        this.database = database;
        this.access = access;
        this.name = name;
        this.query = query;
        this.remaining = limit;
        this.doing = "listing " + name;
    }

    @Override
    public List<StoredDocument> next(Deadline deadline) {
        if (ended || remaining <= 0 || !access.isThere(name, false, deadline)) {
            return List.of();
        }
        try {
            return access.read(deadline, doing, this::read).decode(database.codec());
        } catch (CoreException e) {
            if (PostgresErrors.isMissingTable(e)) {
                ended = true;
                return List.of();
            }
            throw e;
        }
    }

    private RowPage read(Session session) throws SQLException {
        RowPage page = new RowPage((int) Math.min(rows, remaining), query.anchorSize());
        List<Object> from = anchor;
        int at = stage;
        boolean end = false;
        while (!end && !fill(session, page, part(from, at, page.wanted()))) {
            at++;
            end = from == null || at == query.stages();
        }
        if (end) {
            ended = true;
        } else {
            anchor = page.anchor();
            stage = 0;
            long fitting = BYTES / Math.max(1, page.bytes() / page.size());
            rows = (int) Math.max(1, Math.min(Math.min(rows * 8L, MOST_ROWS), fitting));
        }
        remaining -= page.size();
        return page;
    }

    private static boolean fill(Session session, RowPage page, SqlPart part) throws SQLException {
        long room = Math.max(1, BYTES - page.bytes());
        SqlPart some = Bounded.first(part, page.columns(), RowPage.DOCUMENTS, room);
        return session.query(some.text(), some.parameters(), row -> page.fill(row, room));
    }

    private SqlPart part(@Nullable List<Object> from, int at, int most) {
        return from == null ? query.first(most) : query.next(from, at, most);
    }

    @Override
    public void close() {
        ended = true;
    }
}
