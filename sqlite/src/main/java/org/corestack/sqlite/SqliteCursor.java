package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.corestack.document.StoredDocument;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.PagedQuery;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** A list, each batch of which is a read of its own that continues behind the last row. */
final class SqliteCursor implements Cursor {
    private static final int FIRST_ROWS = 100;
    private static final int MOST_ROWS = 2_000;
    private static final long MOST_BYTES = 4L << 20;

    private final Database database;
    private final CollectionName name;
    private final PagedQuery query;
    private final String doing;
    private long remaining;
    private int rows = FIRST_ROWS;
    private int stage;
    private @Nullable List<Object> anchor;
    private @Nullable List<StoredDocument> prefetched;
    private volatile boolean ended;

    SqliteCursor(Database database, CollectionName name, PagedQuery query, long limit) {
        this.database = database;
        this.name = name;
        this.query = query;
        this.remaining = limit;
        this.doing = "listing " + name;
    }

    @Override
    public List<StoredDocument> next(Deadline deadline) {
        List<StoredDocument> page = prefetched;
        prefetched = null;
        if (page == null && !ended) {
            page = database.reads().read(deadline, doing, this::read);
        }
        return page == null ? List.of() : page;
    }

    /** Reads the first page now, in the caller's transaction, for {@link #next} to give. */
    void prefetch(Session session) throws SQLException {
        prefetched = read(session);
    }

    private List<StoredDocument> read(Session session) throws SQLException {
        if (remaining <= 0 || database.catalog().find(session, name) == null) {
            ended = true;
            return List.of();
        }
        Page page = new Page(database.codec(), (int) Math.min(rows, remaining));
        List<Object> from = anchor;
        int at = stage;
        boolean end = false;
        while (!end && !page.read(session, part(from, at, page.wanted()), query.anchorSize())) {
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
        remaining -= page.documents.size();
        return page.documents;
    }

    private SqlPart part(@Nullable List<Object> from, int at, int most) {
        return from == null ? query.first(most) : query.next(from, at, most);
    }

    @Override
    public void close() {
        ended = true;
    }

    /** A page that is being filled. */
    private static final class Page {
        private final JsonCodec codec;
        private final int most;
        private final List<StoredDocument> documents = new ArrayList<>();
        private @Nullable List<Object> anchor;
        private long bytes;

        Page(JsonCodec codec, int most) {
            this.codec = codec;
            this.most = most;
        }

        int wanted() {
            return most - documents.size();
        }

        List<Object> anchor() {
            return Objects.requireNonNull(anchor);
        }

        /** Adds what a query gives; whether the page is full, so that more may follow. */
        boolean read(Session session, SqlPart part, int anchorSize) throws SQLException {
            try (ResultSet row = session.prepare(part.text(), part.parameters()).executeQuery()) {
                while (row.next()) {
                    String doc = row.getString(2);
                    int keyColumn = 3 + anchorSize;
                    documents.add(new StoredDocument(
                            KeyColumn.read(row, keyColumn), codec.decode(doc, row.getString(3)), row.getLong(1)));
                    bytes += doc.length();
                    if (wanted() == 0 || bytes > MOST_BYTES) {
                        anchor = readAnchor(row, anchorSize);
                        return true;
                    }
                }
                return false;
            }
        }

        private static List<Object> readAnchor(ResultSet row, int size) throws SQLException {
            List<Object> anchor = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                anchor.add(row.getObject(4 + i));
            }
            return anchor;
        }
    }
}
