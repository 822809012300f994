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
import org.corestack.sql.DecodedJson;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.StoredJson;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.ChangeReader.Lost;
import org.corestack.store.spi.ChangeReader.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The next rows of the log and the documents that they tell of: read at one moment by {@link #read}, and decoded
 * afterwards by {@link #outcome}. For one use.
 */
final class LogPage {
    static final int MOST_ROWS = 500;
    private static final long MOST_CHARACTERS = 4L << 20;

    private final String store;
    private final Map<String, Content> interest;
    private final SqlitePosition from;
    private final Map<Long, String> wanted = new HashMap<>();
    private final List<LogRow> rows = new ArrayList<>();
    private final Map<DocumentKey, Latest> latest = new HashMap<>();
    private final Map<Long, Images> images = new HashMap<>();
    private @Nullable Resync resync;
    private boolean imagesAreThere;
    private boolean more;
    private long characters;

    private record DocumentKey(long collection, Key key) {}

    /** What is stored now; null inside where there is nothing. */
    private record Latest(@Nullable StoredJson json) {}

    LogPage(String store, Map<String, Content> interest, SqlitePosition from) {
        this.store = store;
        this.interest = interest;
        this.from = from;
    }

    /** Reads what is behind the place, in a transaction. */
    LogPage read(Session session, Database database) throws SQLException {
        resync = resync(session, database.fileId());
        if (resync != null) {
            return this;
        }
        for (String name : interest.keySet()) {
            Long id = database.catalog().find(session, new CollectionName(store, name));
            if (id != null) {
                wanted.put(id, name);
            }
        }
        imagesAreThere = interest.containsValue(Content.IMAGES) && Images.areThere(session);
        List<LogRow> found = LogRow.after(session, from.seq(), MOST_ROWS);
        more = found.size() == MOST_ROWS;
        for (LogRow row : found) {
            rows.add(row);
            if (isImaged(row)) {
                readImages(session, row);
            } else {
                readDocument(session, row);
            }
            if (characters > MOST_CHARACTERS) {
                more = true;
                break;
            }
        }
        return this;
    }

    /** Why the log does not continue the place; null if it does. */
    private @Nullable Resync resync(Session session, String fileId) throws SQLException {
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

    private boolean isImaged(LogRow row) {
        String name = wanted.get(row.collection());
        return name != null && interest.get(name) == Content.IMAGES;
    }

    private void readImages(Session session, LogRow row) throws SQLException {
        Images found = imagesAreThere ? Images.find(session, row.seq()) : null;
        if (found == null) {
            resync = new Resync(Resync.Reason.NO_IMAGES, "the change of " + row.key() + " has no images");
            return;
        }
        images.put(row.seq(), found);
        characters += found.characters();
    }

    private void readDocument(Session session, LogRow row) throws SQLException {
        String name = wanted.get(row.collection());
        DocumentKey at = new DocumentKey(row.collection(), row.key());
        if (name == null || isKeyAlone(row, name) || latest.containsKey(at)) {
            return;
        }
        try (ResultSet stored = session.query(
                "SELECT doc, longs FROM " + new CollectionName(store, name).quotedTable() + " WHERE key = ?",
                KeyColumn.toColumn(row.key()))) {
            StoredJson json = stored.next() ? new StoredJson(stored.getString(1), stored.getString(2)) : null;
            latest.put(at, new Latest(json));
            characters += json == null ? 0 : json.doc().length();
        }
    }

    private boolean isKeyAlone(LogRow row, String name) {
        return row.operation() == Change.Operation.DELETE || interest.get(name) == Content.KEYS;
    }

    /** What was read. */
    Outcome outcome(JsonCodec codec) {
        if (resync != null) {
            return new Lost(resync);
        }
        Map<DocumentKey, DecodedJson> decoded = new HashMap<>();
        latest.forEach((at, stored) -> decoded.put(at, DecodedJson.of(codec, stored.json)));
        List<CollectionChange> changes = new ArrayList<>();
        SqlitePosition upTo = from;
        for (LogRow row : rows) {
            upTo = new SqlitePosition(from.file(), row.seq(), row.nonce());
            String name = wanted.get(row.collection());
            if (name != null) {
                Images kept = images.get(row.seq());
                DecodedJson before = DecodedJson.of(codec, kept == null ? null : kept.before());
                DecodedJson after = DecodedJson.of(codec, kept == null ? null : kept.after());
                if (kept == null && !isKeyAlone(row, name)) {
                    DocumentKey at = new DocumentKey(row.collection(), row.key());
                    after = decoded.getOrDefault(at, DecodedJson.NOTHING);
                }
                Change change = change(row, before.document(), after.document(), upTo);
                changes.add(new CollectionChange(name, change, after.unreadableOr(before)));
            }
        }
        return new Batch(changes, upTo.toPosition(), more);
    }

    private static Change change(
            LogRow row, @Nullable Document before, @Nullable Document document, SqlitePosition position) {
        return new Change(
                row.key(),
                row.operation(),
                before,
                document,
                row.seq(),
                Instant.ofEpochMilli(row.time()),
                row.source(),
                position.toPosition());
    }
}
