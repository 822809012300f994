package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.StoredJson;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * One write of one document.
 *
 * <p>Conditions, patches and merges are judged here, in the transaction, by the code that defines them. What
 * can be encoded without looking at the stored document is encoded on the caller's thread. The database's time is the
 * clock of this process, read once.
 */
final class DocumentWrite implements WriteTask.Work<WriteResult> {
    private final CollectionName name;
    private final JsonCodec codec;
    private final Write write;
    private final Object key;
    private final @Nullable StoredJson encoded;

    private record Stored(
            long version, String doc, @Nullable String longs) {}

    DocumentWrite(CollectionName name, JsonCodec codec, Write write) {
        this.name = name;
        this.codec = codec;
        this.write = write;
        this.key = KeyColumn.toColumn(write.key());
        if (write instanceof Write.Insert insert) {
            encoded = codec.encode(insert.document());
        } else {
            encoded = write instanceof Write.Replace replace ? codec.encode(replace.document()) : null;
        }
    }

    @Override
    public WriteResult in(Transaction transaction) throws SQLException {
        Long collection = transaction.collection(name);
        Stored stored = collection == null ? null : find(transaction.session());
        StoredDocument before = stored == null ? null : decode(stored);
        Status refusal = WriteResult.refusal(write, before);
        if (refusal != null) {
            return WriteResult.refused(refusal);
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        if (write instanceof Write.Delete) {
            return WriteResult.applied(delete(transaction, Objects.requireNonNull(collection), now));
        }
        Document after = Objects.requireNonNull(write.after(before == null ? null : before.document(), now));
        StoredJson json = encoded != null ? encoded : codec.encode(after);
        Written written = before == null
                ? insert(transaction, json, now)
                : update(transaction, Objects.requireNonNull(collection), json, now);
        boolean returning = write instanceof Write.Apply apply && apply.returning();
        return WriteResult.applied(
                written, returning ? new StoredDocument(write.key(), after, written.version()) : null);
    }

    /** What is stored, without its content where nothing looks at that. */
    private StoredDocument decode(Stored stored) {
        boolean looksAtIt = write.condition() instanceof Condition.Matching
                || write instanceof Write.Merge
                || write instanceof Write.Upsert
                || write instanceof Write.Apply;
        return new StoredDocument(
                write.key(), looksAtIt ? codec.decode(stored.doc, stored.longs) : Document.empty(), stored.version);
    }

    private @Nullable Stored find(Session session) throws SQLException {
        try (ResultSet row =
                session.query("SELECT version, doc, longs FROM " + name.quotedTable() + " WHERE key = ?", key)) {
            return row.next() ? new Stored(row.getLong(1), row.getString(2), row.getString(3)) : null;
        }
    }

    private Written insert(Transaction transaction, StoredJson json, Instant now) throws SQLException {
        long collection = transaction.collectionOrNew(name);
        Written written = transaction.log(collection, key, LogOperation.INSERT, now);
        transaction
                .session()
                .update(
                        "INSERT INTO " + name.quotedTable() + " (key, version, doc, longs, record)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        key,
                        written.version(),
                        json.doc(),
                        json.longs(),
                        KeyColumn.toRecord(write.key(), codec));
        return written;
    }

    private Written update(Transaction transaction, long collection, StoredJson json, Instant now) throws SQLException {
        Written written = transaction.log(collection, key, LogOperation.UPDATE, now);
        transaction
                .session()
                .update(
                        "UPDATE " + name.quotedTable() + " SET version = ?, doc = ?, longs = ? WHERE key = ?",
                        written.version(),
                        json.doc(),
                        json.longs(),
                        key);
        return written;
    }

    private Written delete(Transaction transaction, long collection, Instant now) throws SQLException {
        Written written = transaction.log(collection, key, LogOperation.DELETE, now);
        transaction.session().update("DELETE FROM " + name.quotedTable() + " WHERE key = ?", key);
        return written;
    }
}
