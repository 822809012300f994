package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Resync;
import org.corestack.sql.JsonCodec;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.ChangeReader.Lost;
import org.corestack.store.spi.ChangeReader.Outcome;
import org.jspecify.annotations.Nullable;

/** Reads the next rows of the log, and the documents that they tell of, at one moment. For one use. */
final class LogPage {
    static final int MOST_ROWS = 500;
    private static final long MOST_BYTES = 4L << 20;

    private final Session session;
    private final JsonCodec codec;
    private final String fileId;
    private final String store;
    private final Map<String, Content> interest;
    private final Map<Long, String> wanted = new HashMap<>();
    private final Map<DocumentKey, Latest> latest = new HashMap<>();
    private long bytes;

    private record DocumentKey(String collection, Key key) {}

    /** What is stored now; null inside where there is nothing. */
    private record Latest(@Nullable Document document) {}

    private record Row(
            long seq,
            long collection,
            Key key,
            int operation,
            long time,
            @Nullable String source,
            long nonce) {}

    LogPage(Session session, JsonCodec codec, String fileId, String store, Map<String, Content> interest) {
        this.session = session;
        this.codec = codec;
        this.fileId = fileId;
        this.store = store;
        this.interest = interest;
    }

    /** The changes behind a place; lost where the log does not continue it. */
    Outcome after(SqlitePosition from, Catalog catalog) throws SQLException {
        Resync resync = resync(from);
        if (resync != null) {
            return new Lost(resync);
        }
        for (String name : interest.keySet()) {
            Long id = catalog.find(session, new CollectionName(store, name));
            if (id != null) {
                wanted.put(id, name);
            }
        }
        List<CollectionChange> changes = new ArrayList<>();
        SqlitePosition upTo = from;
        int read = 0;
        for (Row row : rows(from.seq())) {
            if (bytes > MOST_BYTES) {
                break;
            }
            read++;
            upTo = new SqlitePosition(fileId, row.seq, row.nonce);
            String name = wanted.get(row.collection);
            if (name != null) {
                changes.add(new CollectionChange(name, change(row, name, upTo)));
            }
        }
        return new Batch(changes, upTo.toPosition(), read == MOST_ROWS || bytes > MOST_BYTES);
    }

    /** Why the log does not continue the place; null if it does. */
    private @Nullable Resync resync(SqlitePosition from) throws SQLException {
        if (!from.file().equals(fileId)) {
            return new Resync(Resync.Reason.OTHER_HISTORY, "the position is of another file");
        }
        try (ResultSet row = session.query("SELECT nonce FROM corestack_log WHERE seq = ?", from.seq())) {
            if (row.next()) {
                return row.getLong(1) == from.nonce() ? null : otherHistory();
            }
        }
        Floor floor = Floor.read(session);
        if (from.seq() < floor.seq()) {
            return new Resync(Resync.Reason.HISTORY_TRIMMED, "changes behind the position have been trimmed");
        }
        return from.seq() == floor.seq() && from.nonce() == floor.nonce() ? null : otherHistory();
    }

    private static Resync otherHistory() {
        return new Resync(
                Resync.Reason.OTHER_HISTORY, "the position is of a copy of the file that went on differently");
    }

    private List<Row> rows(long after) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = session.query(
                "SELECT l.seq, l.collection, l.key, l.op, l.time, s.name, l.nonce FROM corestack_log l"
                        + " LEFT JOIN corestack_source s ON s.id = l.source WHERE l.seq > ? ORDER BY l.seq LIMIT ?",
                after,
                MOST_ROWS)) {
            while (row.next()) {
                rows.add(new Row(
                        row.getLong(1),
                        row.getLong(2),
                        KeyColumn.read(row, 3),
                        row.getInt(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getLong(7)));
            }
        }
        return rows;
    }

    private Change change(Row row, String name, SqlitePosition position) throws SQLException {
        Change.Operation operation = LogOperation.ofCode(row.operation);
        boolean keyAlone = operation == Change.Operation.DELETE || interest.get(name) == Content.KEYS;
        return new Change(
                row.key,
                operation,
                keyAlone ? null : document(name, row.key),
                row.seq,
                Instant.ofEpochMilli(row.time),
                row.source,
                position.toPosition());
    }

    private @Nullable Document document(String name, Key key) throws SQLException {
        DocumentKey at = new DocumentKey(name, key);
        Latest known = latest.get(at);
        if (known == null) {
            known = read(new CollectionName(store, name), key);
            latest.put(at, known);
        }
        return known.document;
    }

    private Latest read(CollectionName name, Key key) throws SQLException {
        try (ResultSet row = session.query(
                "SELECT doc, longs FROM " + name.quotedTable() + " WHERE key = ?", KeyColumn.toColumn(key))) {
            if (!row.next()) {
                return new Latest(null);
            }
            String doc = row.getString(1);
            bytes += doc.length();
            return new Latest(codec.decode(doc, row.getString(2)));
        }
    }
}
