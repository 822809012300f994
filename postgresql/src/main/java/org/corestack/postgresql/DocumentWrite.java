package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.corestack.document.Change.Operation;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.sql.FilterSql;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.SqlPart;
import org.corestack.sql.StoredJson;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * One write of one document, and its row in the log.
 *
 * <p>What the database can do by itself is one statement, and so one round trip. The rest is a transaction: the
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
    private final PostgresDialect dialect;
    private final String source;
    private final Write write;
    private final Key key;
    private final byte[] canonical;
    private final @Nullable StoredJson encoded;
    private final @Nullable Merging merging;

    private record Stored(
            long version, String doc, @Nullable String longs, Instant now) {}

    DocumentWrite(CollectionName name, JsonCodec codec, PostgresDialect dialect, String source, Write write) {
        this.name = name;
        this.codec = codec;
        this.dialect = dialect;
        this.source = source;
        this.write = write;
        this.key = write.key();
        this.canonical = key.toBytes();
        encoded = whole(write);
        merging = merging(write);
    }

    private @Nullable StoredJson whole(Write write) {
        if (write instanceof Write.Insert insert) {
            return codec.encode(insert.document());
        }
        return write instanceof Write.Replace replace ? codec.encode(replace.document()) : null;
    }

    private @Nullable Merging merging(Write write) {
        if (write instanceof Write.Merge merge) {
            return new Merging(
                    codec.encode(merge.set(), merge.unset()), merge.set().size());
        }
        return write instanceof Write.Upsert upsert
                ? new Merging(
                        codec.encode(upsert.set(), upsert.unset()), upsert.set().size())
                : null;
    }

    /** Whether it makes the collection where that is missing. */
    boolean creates() {
        return write instanceof Write.Insert || write instanceof Write.Upsert;
    }

    /** Whether it may be done by statements that are a write by themselves. */
    boolean mayBeAtOnce() {
        return !(write instanceof Write.Apply) && (merging == null || merging.mayFit());
    }

    /** Does it in a transaction. */
    WriteResult in(Session session) throws SQLException {
        WriteResult result = mayBeAtOnce() ? atOnce(session) : null;
        return result == null ? change(session) : result;
    }

    /** Does it by a statement; null where no statement can, and nothing was written. */
    @Nullable
    WriteResult atOnce(Session session) throws SQLException {
        if (write instanceof Write.Insert) {
            Written written = insert(session, Objects.requireNonNull(encoded));
            return written == null ? WriteResult.refused(Status.ALREADY_EXISTS) : WriteResult.applied(written);
        }
        if (write instanceof Write.Merge) {
            Written written = merge(session);
            Status refusal = written == null ? refusal(session) : null;
            return refusal == null ? applied(written) : WriteResult.refused(refusal);
        }
        if (write instanceof Write.Upsert upsert) {
            Written written = merge(session);
            return applied(written == null ? insert(session, codec.encode(upsert.set())) : written);
        }
        return conditional(session);
    }

    private static @Nullable WriteResult applied(@Nullable Written written) {
        return written == null ? null : WriteResult.applied(written);
    }

    /**
     * Writes where the condition holds. Where nothing was written it is asked why: the statement did not find a document
     * that another transaction has put in the place of the one that it waited for, and so it is done again.
     */
    private WriteResult conditional(Session session) throws SQLException {
        while (true) {
            Written written = write instanceof Write.Delete
                    ? delete(session, write.condition())
                    : update(session, Objects.requireNonNull(encoded), write.condition());
            if (written != null) {
                return WriteResult.applied(written);
            }
            Status refusal = refusal(session);
            if (refusal != null) {
                return WriteResult.refused(refusal);
            }
        }
    }

    /** Why nothing is to be written at present; null if something is. */
    private @Nullable Status refusal(Session session) throws SQLException {
        SqlPart condition = condition(write.condition());
        List<Object> parameters = new ArrayList<>(condition.parameters());
        parameters.add(canonical);
        Optional<Boolean> holds = session.first(
                "SELECT (" + condition.text() + ") IS TRUE FROM " + name.table() + " WHERE key = ?",
                parameters,
                row -> row.getBoolean(1));
        if (holds.isEmpty()) {
            return Status.NOT_FOUND;
        }
        return holds.get() ? null : Status.CONFLICT;
    }

    /** Reads and locks, changes, writes: in a transaction. */
    WriteResult change(Session session) throws SQLException {
        while (true) {
            Optional<Stored> stored = session.first(
                    "SELECT version, doc, longs, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM "
                            + name.table() + " WHERE key = ? FOR UPDATE",
                    List.of(canonical),
                    row -> new Stored(
                            row.getLong(1), row.getString(2), row.getString(3), Instant.ofEpochMilli(row.getLong(4))));
            if (stored.isPresent()) {
                return change(session, stored.get());
            }
            if (write instanceof Write.Upsert upsert) {
                Written written = insert(session, codec.encode(upsert.set()));
                if (written != null) {
                    return WriteResult.applied(written);
                }
                // Another has inserted it since: now there is something to lock.
            } else if (!session.exists("SELECT 1 FROM " + name.table() + " WHERE key = ?", canonical)) {
                return WriteResult.refused(Status.NOT_FOUND);
            }
            // Another has deleted the one that was waited for, and put a new one in its place.
        }
    }

    private WriteResult change(Session session, Stored stored) throws SQLException {
        Document before = codec.decode(stored.doc, stored.longs);
        Status refusal = WriteResult.refusal(write, new StoredDocument(key, before, stored.version));
        if (refusal != null) {
            return WriteResult.refused(refusal);
        }
        Document after = Objects.requireNonNull(write.after(before, stored.now));
        Written written =
                Objects.requireNonNull(update(session, codec.encode(after), Condition.none()), "its lock is held");
        boolean returning = write instanceof Write.Apply apply && apply.returning();
        return WriteResult.applied(written, returning ? new StoredDocument(key, after, written.version()) : null);
    }

    private @Nullable Written insert(Session session, StoredJson json) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(name.lock(key));
        parameters.add(canonical);
        parameters.add(
                key.value() instanceof Document record ? codec.encode(record).doc() : null);
        parameters.add(json.doc());
        parameters.add(json.longs());
        return run(
                session,
                LOCKED + "written AS (INSERT INTO " + name.table() + " (key, record, version, doc, longs) SELECT ?,"
                        + " ?::jsonb, " + name.store().nextSeq()
                        + ", ?::jsonb, ? FROM held ON CONFLICT (key) DO NOTHING"
                        + " RETURNING version)",
                parameters,
                Operation.INSERT);
    }

    private @Nullable Written update(Session session, StoredJson json, Condition condition) throws SQLException {
        SqlPart document = SqlPart.of("doc = ?::jsonb", json.doc());
        SqlPart longs = json.longs() == null ? SqlPart.of("NULL") : SqlPart.of("?", json.longs());
        return update(session, SqlPart.join(", longs = ", List.of(document, longs)), condition(condition));
    }

    /** The database changes the document; null where there is none, or none that it can. */
    private @Nullable Written merge(Session session) throws SQLException {
        Merging fields = Objects.requireNonNull(merging);
        return update(session, fields.assignment(), SqlPart.all(List.of(fields.guard(), condition(write.condition()))));
    }

    private @Nullable Written update(Session session, SqlPart assignment, SqlPart where) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>(assignment.parameters());
        parameters.add(canonical);
        parameters.addAll(where.parameters());
        return run(
                session,
                "WITH written AS (UPDATE " + name.table() + " SET version = "
                        + name.store().nextSeq()
                        + ", " + assignment.text() + " WHERE key = ? AND " + where.text() + " RETURNING version)",
                parameters,
                Operation.UPDATE);
    }

    private @Nullable Written delete(Session session, Condition condition) throws SQLException {
        SqlPart where = condition(condition);
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(name.lock(key));
        parameters.add(canonical);
        parameters.addAll(where.parameters());
        return run(
                session,
                LOCKED + "written AS (DELETE FROM " + name.table() + " USING held WHERE key = ? AND " + where.text()
                        + " RETURNING " + name.store().nextSeq() + " AS version)",
                parameters,
                Operation.DELETE);
    }

    private SqlPart condition(Condition condition) {
        if (condition instanceof Condition.IfVersion version) {
            return SqlPart.of("version = ?", version.version());
        }
        return condition instanceof Condition.Matching matching
                ? new FilterSql(dialect, matching.filter()).condition()
                : SqlPart.of("true");
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
                                + " RETURNING seq, xid::text, pg_current_snapshot()::text, (SELECT store FROM "
                                + name.store().meta() + ")",
                        parameters,
                        row -> new Written(
                                row.getLong(1), position(history, row).toPosition()))
                .orElse(null);
    }

    private static PostgresPosition position(String history, ResultSet row) throws SQLException {
        @Nullable String store = row.getString(4);
        return PostgresPosition.ofWrite(
                history,
                // A transaction that saw the database before the store was made sees no identifier of it.
                store == null ? PostgresPosition.NO_STORE : store,
                PgSnapshot.parse(row.getString(3)),
                Long.parseLong(row.getString(2)),
                row.getLong(1));
    }
}
