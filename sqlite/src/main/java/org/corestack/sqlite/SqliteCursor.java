package org.corestack.sqlite;

import java.sql.SQLException;
import java.util.List;
import org.corestack.document.StoredDocument;
import org.corestack.sql.PagedQuery;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** A list, each batch of which is a read of its own that continues behind the last row. */
final class SqliteCursor implements Cursor {
    private static final int FIRST_ROWS = 100;
    private static final int MOST_ROWS = 2_000;

    private final Database database;
    private final Access access;
    private final CollectionName name;
    private final PagedQuery query;
    private final String doing;
    private long remaining;
    private int rows = FIRST_ROWS;
    private int stage;
    private @Nullable List<Object> anchor;
    private @Nullable RowPage prefetched;
    private volatile boolean ended;

    SqliteCursor(Database database, Access access, CollectionName name, PagedQuery query, long limit) {
        this.database = database;
        this.access = access;
        this.name = name;
        this.query = query;
        this.remaining = limit;
        this.doing = "listing " + name;
    }

    @Override
    public List<StoredDocument> next(Deadline deadline) {
        RowPage page = prefetched;
        prefetched = null;
        if (page == null && !ended) {
            page = access.read(deadline, doing, this::read);
        }
        return page == null ? List.of() : page.decode(database.codec());
    }

    /** Reads the first page now, in the caller's transaction, for {@link #next} to give. */
    void prefetch(Session session) throws SQLException {
        prefetched = read(session);
    }

    private RowPage read(Session session) throws SQLException {
        RowPage page = new RowPage((int) Math.min(rows, remaining), query.anchorSize());
        if (remaining <= 0 || database.catalog().find(session, name) == null) {
            ended = true;
            return page;
        }
        List<Object> from = anchor;
        int at = stage;
        boolean end = false;
        while (!end && !page.fill(session, part(from, at, page.wanted()))) {
            at++;
            end = from == null || at == query.stages();
        }
        if (end) {
            ended = true;
        } else {
            anchor = page.anchor();
            stage = 0;
        }
        rows = Math.min(rows * 2, MOST_ROWS);
        remaining -= page.size();
        return page;
    }

    private SqlPart part(@Nullable List<Object> from, int at, int most) {
        return from == null ? query.first(most) : query.next(from, at, most);
    }

    @Override
    public void close() {
        ended = true;
    }
}
