package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.corestack.document.Change.Operation;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Written;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.StoredJson;
import org.corestack.store.spi.Write;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * One write of one document, and its row in the log.
 *
 * <p>What needs no look at the document is one statement, and so one round trip. The rest is a transaction: the
 * document is read and locked, changed by the code that defines the change, and written.
 *
 * <p>A version has to be greater than all that its key had before. So its number is drawn when nobody else can write
 * the key any more: behind the lock of the row where there is one, and behind a lock on the key for inserts and
 * deletes, as a number drawn while one of these waits for the other would be too old.
 */
final class DocumentWrite {
    private static final String LOCKED = "WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock(?)), ";

    private final CollectionName name;
    private final JsonCodec codec;
    private final String source;
    private final Write write;
    private final Key key;
    private final byte[] canonical;
    private final @Nullable StoredJson encoded;

    private record Stored(
            long version, String doc, @Nullable String longs) {}

    DocumentWrite(CollectionName name, JsonCodec codec, String source, Write write) {
        this.name = name;
        this.codec = codec;
        this.source = source;
        this.write = write;
        this.key = write.key();
        this.canonical = key.toBytes();
        if (write instanceof Write.Insert insert) {
            encoded = codec.encode(insert.document());
        } else {
            encoded = write instanceof Write.Replace replace ? codec.encode(replace.document()) : null;
        }
    }

    /** Whether it makes the collection where that is missing. */
    boolean creates() {
        return write instanceof Write.Insert || write instanceof Write.Upsert;
    }

    /** Whether it is one statement. */
    boolean isOneStatement() {
        return write instanceof Write.Insert || write instanceof Write.Replace || write instanceof Write.Delete;
    }

    /** Does it: in a transaction, unless it is one statement. */
    WriteResult in(Session session) throws SQLException {
        if (write instanceof Write.Insert) {
            Written written = insert(session, Objects.requireNonNull(encoded));
            return written == null ? WriteResult.refused(Status.ALREADY_EXISTS) : WriteResult.applied(written);
        }
        if (write instanceof Write.Replace replace) {
            Written written = update(session, Objects.requireNonNull(encoded), replace.condition());
            return judged(session, written, replace.condition());
        }
        if (write instanceof Write.Delete delete) {
            return judged(session, delete(session, delete.condition()), delete.condition());
        }
        return change(session);
    }

    /** Reads and locks, changes, writes. */
    private WriteResult change(Session session) throws SQLException {
        while (true) {
            Optional<Stored> stored = session.first(
                    "SELECT version, doc, longs FROM " + name.table() + " WHERE key = ? FOR UPDATE",
                    List.of(canonical),
                    row -> new Stored(row.getLong(1), row.getString(2), row.getString(3)));
            if (stored.isPresent()) {
                return change(session, stored.get());
            }
            if (!(write instanceof Write.Upsert upsert)) {
                return WriteResult.refused(Status.NOT_FOUND);
            }
            Written written = insert(session, codec.encode(upsert.set()));
            if (written != null) {
                return WriteResult.applied(written);
            }
            // Another has inserted it since: now there is something to lock.
        }
    }

    private WriteResult change(Session session, Stored stored) throws SQLException {
        if (!condition().holds(stored.version)) {
            return WriteResult.refused(Status.CONFLICT);
        }
        Document before = codec.decode(stored.doc, stored.longs);
        Written written = update(session, codec.encode(changed(before)), Condition.none());
        return judged(session, written, Condition.none());
    }

    private Condition condition() {
        if (write instanceof Write.Merge merge) {
            return merge.condition();
        }
        return write instanceof Write.Apply apply ? apply.condition() : Condition.none();
    }

    private Document changed(Document before) {
        if (write instanceof Write.Apply apply) {
            return apply.patch().apply(before);
        }
        if (write instanceof Write.Merge merge) {
            return merge.apply(before);
        }
        Write.Upsert upsert = (Write.Upsert) write;
        return merged(upsert.set(), upsert.unset(), before);
    }

    private Document merged(Document set, Set<String> unset, Document before) {
        return new Write.Merge(key, set, unset, Condition.none()).apply(before);
    }

    /** What a conditional statement that wrote nothing came to: asked anew, as only now it is sure to be over. */
    private WriteResult judged(Session session, @Nullable Written written, Condition condition) throws SQLException {
        if (written != null) {
            return WriteResult.applied(written);
        }
        boolean there = !(condition instanceof Condition.None)
                && session.exists("SELECT 1 FROM " + name.table() + " WHERE key = ?", canonical);
        return WriteResult.refused(there ? Status.CONFLICT : Status.NOT_FOUND);
    }

    private @Nullable Written insert(Session session, StoredJson json) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(name.lock(key));
        parameters.add(canonical);
        parameters.add(json.doc());
        parameters.add(json.longs());
        return run(
                session,
                LOCKED + "written AS (INSERT INTO " + name.table() + " (key, version, doc, longs) SELECT ?, "
                        + name.store().nextSeq() + ", ?::jsonb, ? FROM held ON CONFLICT (key) DO NOTHING"
                        + " RETURNING version)",
                parameters,
                Operation.INSERT);
    }

    private @Nullable Written update(Session session, StoredJson json, Condition condition) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(json.doc());
        parameters.add(json.longs());
        parameters.add(canonical);
        return run(
                session,
                "WITH written AS (UPDATE " + name.table() + " SET version = "
                        + name.store().nextSeq()
                        + ", doc = ?::jsonb, longs = ? WHERE key = ?" + sql(condition, parameters)
                        + " RETURNING version)",
                parameters,
                Operation.UPDATE);
    }

    private @Nullable Written delete(Session session, Condition condition) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(name.lock(key));
        parameters.add(canonical);
        return run(
                session,
                LOCKED + "written AS (DELETE FROM " + name.table() + " USING held WHERE key = ?"
                        + sql(condition, parameters) + " RETURNING "
                        + name.store().nextSeq() + " AS version)",
                parameters,
                Operation.DELETE);
    }

    private static String sql(Condition condition, List<@Nullable Object> parameters) {
        if (condition instanceof Condition.IfVersion version) {
            parameters.add(version.version());
            return " AND version = ?";
        }
        return "";
    }

    /** The row of the log is written by the statement that writes the document; null if that wrote none. */
    private @Nullable Written run(
            Session session, String written, List<@Nullable Object> parameters, Operation operation)
            throws SQLException {
        String history = session.history();
        parameters.add(name.collection());
        parameters.add(canonical);
        parameters.add(source);
        return session.first(
                        written + " INSERT INTO " + name.store().log() + " (seq, collection, key, op, source)"
                                + " SELECT version, ?, ?, " + LogRow.code(operation) + ", ? FROM written"
                                + " RETURNING seq, xid::text, pg_current_snapshot()::text",
                        parameters,
                        row -> new Written(
                                row.getLong(1), position(history, row).toPosition()))
                .orElse(null);
    }

    private static PostgresPosition position(String history, ResultSet row) throws SQLException {
        return PostgresPosition.ofWrite(
                history, PgSnapshot.parse(row.getString(3)), Long.parseLong(row.getString(2)), row.getLong(1));
    }
}
