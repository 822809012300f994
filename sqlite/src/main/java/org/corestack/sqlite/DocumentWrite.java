package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Written;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.StoredJson;
import org.corestack.document.Write;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * One write of one document.
 *
 * <p>Conditions, patches and merges are judged here, in the transaction, by the code that defines them. What
 * can be encoded without looking at the stored document is encoded on the caller's thread.
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
        if (write instanceof Write.Insert) {
            return stored == null
                    ? insert(transaction, Objects.requireNonNull(encoded))
                    : WriteResult.refused(Status.ALREADY_EXISTS);
        }
        if (write instanceof Write.Upsert upsert && stored == null) {
            return insert(transaction, codec.encode(upsert.set()));
        }
        if (stored == null || collection == null) {
            return WriteResult.refused(Status.NOT_FOUND);
        }
        if (!condition().holds(stored.version)) {
            return WriteResult.refused(Status.CONFLICT);
        }
        return write instanceof Write.Delete
                ? delete(transaction, collection)
                : update(transaction, collection, changed(stored));
    }

    private Condition condition() {
        if (write instanceof Write.Replace replace) {
            return replace.condition();
        }
        if (write instanceof Write.Merge merge) {
            return merge.condition();
        }
        if (write instanceof Write.Apply apply) {
            return apply.condition();
        }
        return write instanceof Write.Delete delete ? delete.condition() : Condition.none();
    }

    private StoredJson changed(Stored stored) {
        if (encoded != null) {
            return encoded;
        }
        Document before = codec.decode(stored.doc, stored.longs);
        if (write instanceof Write.Apply apply) {
            return codec.encode(apply.patch().apply(before));
        }
        if (write instanceof Write.Merge merge) {
            return codec.encode(merge.apply(before));
        }
        Write.Upsert upsert = (Write.Upsert) write;
        return codec.encode(merged(upsert.set(), upsert.unset(), before));
    }

    private Document merged(Document set, Set<String> unset, Document before) {
        return new Write.Merge(write.key(), set, unset, Condition.none()).apply(before);
    }

    private @Nullable Stored find(Session session) throws SQLException {
        try (ResultSet row =
                session.query("SELECT version, doc, longs FROM " + name.quotedTable() + " WHERE key = ?", key)) {
            return row.next() ? new Stored(row.getLong(1), row.getString(2), row.getString(3)) : null;
        }
    }

    private WriteResult insert(Transaction transaction, StoredJson json) throws SQLException {
        long collection = transaction.collectionOrNew(name);
        Written written = transaction.log(collection, key, LogOperation.INSERT);
        transaction
                .session()
                .update(
                        "INSERT INTO " + name.quotedTable() + " (key, version, doc, longs) VALUES (?, ?, ?, ?)",
                        key,
                        written.version(),
                        json.doc(),
                        json.longs());
        return WriteResult.applied(written);
    }

    private WriteResult update(Transaction transaction, long collection, StoredJson json) throws SQLException {
        Written written = transaction.log(collection, key, LogOperation.UPDATE);
        transaction
                .session()
                .update(
                        "UPDATE " + name.quotedTable() + " SET version = ?, doc = ?, longs = ? WHERE key = ?",
                        written.version(),
                        json.doc(),
                        json.longs(),
                        key);
        return WriteResult.applied(written);
    }

    private WriteResult delete(Transaction transaction, long collection) throws SQLException {
        Written written = transaction.log(collection, key, LogOperation.DELETE);
        transaction.session().update("DELETE FROM " + name.quotedTable() + " WHERE key = ?", key);
        return WriteResult.applied(written);
    }
}
