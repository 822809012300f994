package org.corestack.postgresql;

import static java.util.stream.Collectors.toCollection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.sql.DecodedJson;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.SqlPart;
import org.corestack.sql.StoredJson;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the log, and the documents that they tell of as they are afterwards: no change's document is older than the
 * change. For one use.
 */
final class LogPage {
    private static final long MOST_CHARACTERS = 4L << 20;
    /** How many rows' documents are asked for at once, until it is known how large they are. */
    static final int FIRST_CHUNK = 16;

    private static final int MOST_CHUNK = LogQuery.MOST_ROWS;
    private static final int COLUMNS = 3;
    private static final Set<Integer> DOCUMENTS = Set.of(2);

    private final StoreName store;
    private final Map<String, Content> interest;
    private final Map<DocumentKey, StoredJson> latest = new HashMap<>();
    private final Map<Long, Images> images = new HashMap<>();
    private final Set<DocumentKey> unread = new HashSet<>();
    private List<LogRow> rows = List.of();
    private int chunk;
    private long characters;
    private long lastImage = Long.MAX_VALUE; // behind it there was no room for those of the chunk

    private record DocumentKey(String collection, Key key) {}

    /**
     * A page to be read.
     *
     * @param chunk how many rows' documents to ask for at once at first
     */
    LogPage(StoreName store, Map<String, Content> interest, int chunk) {
        this.store = store;
        this.interest = interest;
        this.chunk = chunk;
    }

    /** Reads the rows' documents; only those of the first rows where they are large. */
    void read(Session session, List<LogRow> found) throws SQLException {
        int end = 0;
        while (end < found.size() && characters < MOST_CHARACTERS) {
            int begin = end;
            end = Math.min(found.size(), begin + chunk);
            List<LogRow> some = found.subList(begin, end);
            for (String collection : some.stream().map(LogRow::collection).collect(toCollection(LinkedHashSet::new))) {
                if (interest.containsKey(collection)) {
                    read(session, collection, some);
                }
            }
            readImages(session, some);
            for (int i = begin; i < end; i++) {
                if (isUnread(found.get(i))) {
                    rows = found.subList(0, i);
                    chunk = FIRST_CHUNK;
                    return;
                }
            }
            chunk = characters * 8 < MOST_CHARACTERS ? Math.min(chunk * 4, MOST_CHUNK) : FIRST_CHUNK;
        }
        rows = found.subList(0, end);
    }

    private long room() {
        return Math.max(1, MOST_CHARACTERS - characters);
    }

    /** The first row whose images are wanted and were not kept, or are trimmed by now. */
    Optional<LogRow> withoutImages() {
        return rows.stream()
                .filter(row -> isImaged(row) && !images.containsKey(row.seq()))
                .findFirst();
    }

    /** Whether there was no room for what a row tells of; there is for the first row of all. */
    private boolean isUnread(LogRow row) {
        return isImaged(row)
                ? row.seq() > lastImage
                : !isKeyAlone(row) && unread.contains(new DocumentKey(row.collection(), row.key()));
    }

    private boolean isImaged(LogRow row) {
        return interest.get(row.collection()) == Content.IMAGES;
    }

    private void readImages(Session session, List<LogRow> some) throws SQLException {
        List<Long> numbers =
                some.stream().filter(this::isImaged).map(LogRow::seq).toList();
        if (!numbers.isEmpty()) {
            Images.Found found = Images.find(session, store, numbers, room());
            images.putAll(found.images());
            found.images().values().forEach(one -> characters += one.characters());
            lastImage = found.last();
        }
    }

    private void read(Session session, String collection, List<LogRow> some) throws SQLException {
        List<Key> wanted = some.stream()
                .filter(row -> row.collection().equals(collection) && !isKeyAlone(row))
                .map(LogRow::key)
                .distinct()
                .toList();
        if (wanted.isEmpty()) {
            return;
        }
        byte[][] keys = wanted.stream().map(Key::toBytes).toArray(byte[][]::new);
        long room = room();
        SqlPart query = Bounded.first(
                SqlPart.of(
                        "SELECT t.key, t.doc, t.longs FROM unnest(?) WITH ORDINALITY AS k (key, at) JOIN "
                                + new CollectionName(store, collection).table()
                                + " AS t ON t.key = k.key ORDER BY k.at",
                        (Object) keys),
                COLUMNS,
                DOCUMENTS,
                room);
        try {
            session.query(query.text(), query.parameters(), found -> read(collection, wanted, found, room));
        } catch (SQLException e) {
            if (!PostgresErrors.isMissing(e)) {
                throw e;
            }
            // Its table was dropped since, and its documents with it.
        }
    }

    /** Those that there was no room for are the last ones. */
    private boolean read(String collection, List<Key> wanted, ResultSet found, long room) throws SQLException {
        while (found.next()) {
            StoredJson json = new StoredJson(found.getString(2), found.getString(3));
            Key key = Key.fromBytes(found.getBytes(1));
            latest.put(new DocumentKey(collection, key), json);
            characters += json.doc().length();
            if (Bounded.total(found, COLUMNS) >= room) {
                wanted.subList(wanted.indexOf(key) + 1, wanted.size())
                        .forEach(one -> unread.add(new DocumentKey(collection, one)));
            }
        }
        return true;
    }

    private boolean isKeyAlone(LogRow row) {
        return row.operation() == Change.Operation.DELETE || interest.get(row.collection()) != Content.LATEST;
    }

    List<LogRow> rows() {
        return rows;
    }

    /** How many rows' documents the next page may ask for at once. */
    int chunk() {
        return chunk;
    }

    /** The changes of interest, each at its place in a window. */
    List<CollectionChange> changes(JsonCodec codec, PostgresPosition window) {
        Map<DocumentKey, DecodedJson> decoded = new HashMap<>();
        latest.forEach((at, json) -> decoded.put(at, DecodedJson.of(codec, json)));
        List<CollectionChange> changes = new ArrayList<>();
        for (LogRow row : rows) {
            if (interest.containsKey(row.collection())) {
                Images kept = images.get(row.seq());
                DecodedJson before = DecodedJson.of(codec, kept == null ? null : kept.before());
                DecodedJson after = DecodedJson.of(codec, kept == null ? null : kept.after());
                if (kept == null && !isKeyAlone(row)) {
                    DocumentKey at = new DocumentKey(row.collection(), row.key());
                    after = decoded.getOrDefault(at, DecodedJson.NOTHING);
                }
                Change change = change(row, before.document(), after.document(), window);
                changes.add(new CollectionChange(row.collection(), change, after.unreadableOr(before)));
            }
        }
        return changes;
    }

    private static Change change(
            LogRow row, @Nullable Document before, @Nullable Document document, PostgresPosition window) {
        return new Change(
                row.key(),
                row.operation(),
                before,
                document,
                row.seq(),
                java.time.Instant.ofEpochMilli(row.time()),
                row.source(),
                window.ofRow(row.seq(), row.xid()).toPosition());
    }
}
