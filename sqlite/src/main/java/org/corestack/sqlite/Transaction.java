package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** An open transaction that writes: the writer's, or a caller's own. Used by one thread at a time. */
final class Transaction {
    private final Session session;
    private final Catalog catalog;
    private final String fileId;
    private final String source;
    private final RandomGenerator nonces;
    private final Map<CollectionName, Long> created = new HashMap<>();
    private @Nullable Long sourceId;
    private long logged;

    Transaction(Session session, Catalog catalog, String fileId, String source, RandomGenerator nonces) {
        this.session = session;
        this.catalog = catalog;
        this.fileId = fileId;
        this.source = source;
        this.nonces = nonces;
    }

    Session session() {
        return session;
    }

    /** The number of a collection, null if there is none. */
    @Nullable
    Long collection(CollectionName name) throws SQLException {
        return catalog.find(session, name);
    }

    /** The number of a collection, which is made where there is none. */
    long collectionOrNew(CollectionName name) throws SQLException {
        Long known = catalog.find(session, name);
        if (known != null) {
            return known;
        }
        long id = catalog.create(session, name);
        created.put(name, id);
        return id;
    }

    /** Adds a row to the log, whose number is the version of what it tells of. */
    Written log(long collection, Object key, LogOperation operation, Instant now) throws SQLException {
        long nonce = nonces.nextLong();
        try (ResultSet row = session.query(
                "INSERT INTO corestack_log (collection, key, op, time, source, nonce) VALUES (?, ?, ?, ?, ?, ?)"
                        + " RETURNING seq",
                collection,
                key,
                operation.code(),
                now.toEpochMilli(),
                sourceId(),
                nonce)) {
            row.next();
            long seq = row.getLong(1);
            logged++;
            return new Written(seq, new SqlitePosition(fileId, seq, nonce).toPosition());
        }
    }

    /** Looked up in each transaction, so that a source that no row of the log names any more can be dropped. */
    private long sourceId() throws SQLException {
        Long known = sourceId;
        if (known == null) {
            known = findSource();
            if (known == null) {
                session.update("INSERT INTO corestack_source (name) VALUES (?)", source);
                known = findSource();
            }
            sourceId = known;
        }
        return Objects.requireNonNull(known);
    }

    private @Nullable Long findSource() throws SQLException {
        try (ResultSet row = session.query("SELECT id FROM corestack_source WHERE name = ?", source)) {
            return row.next() ? row.getLong(1) : null;
        }
    }

    /** Forgets what a savepoint that was rolled back may have made. */
    private void forget() {
        sourceId = null;
        created.clear();
    }

    /**
     * Does something such that nothing of it is left where it fails.
     *
     * @param savepoint a name that no savepoint around it has
     * @throws SQLException where the transaction itself is over, or can't go on
     * @throws RuntimeException why it failed by itself
     */
    <T> T inSavepoint(String savepoint, Object doing, WriteTask.Work<T> work) throws SQLException {
        session.run("SAVEPOINT " + savepoint);
        RuntimeException failure;
        try {
            T result = work.in(this);
            session.run("RELEASE " + savepoint);
            return result;
        } catch (SQLException e) {
            session.forget();
            if (SqliteErrors.endsTransaction(e)) {
                throw e;
            }
            failure = SqliteErrors.translate(e, doing);
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) { // out of memory, for one: the others may have enough
            failure = new CoreException(ErrorCode.of(e), doing + " failed: " + e, e);
        }
        session.run("ROLLBACK TO " + savepoint);
        session.run("RELEASE " + savepoint);
        forget();
        throw failure;
    }

    /** Tells what is now for good; whether there was anything. */
    boolean committed() {
        created.forEach(catalog::committed);
        return logged > 0;
    }
}
