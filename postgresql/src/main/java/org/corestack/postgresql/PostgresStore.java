package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.EngineTransaction;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

/** A store: a schema, and its log. */
final class PostgresStore implements EngineStore {
    private final Database database;
    private final StoreName name;
    private final PostgresChanges changes;
    private final Schema schema;
    private final ConcurrentMap<String, PostgresCollection> collections = new ConcurrentHashMap<>();

    PostgresStore(Database database, String name) {
        this.database = database;
        this.name = new StoreName(name);
        this.schema = new Schema(database.pool(), this.name);
        this.changes = new PostgresChanges(database, this.name, schema);
    }

    @Override
    public Set<String> collections(Deadline deadline) {
        return schema.collections(deadline);
    }

    @Override
    public EngineCollection collection(String collection) {
        return collections.computeIfAbsent(collection, missing -> collection(missing, new DirectAccess(database)));
    }

    PostgresCollection collection(String collection, Access access) {
        return new PostgresCollection(database, access, new CollectionName(name, collection), changes, schema);
    }

    Schema schema() {
        return schema;
    }

    StoreName name() {
        return name;
    }

    @Override
    public EngineTransaction begin(Deadline deadline) {
        Lease lease = database.pool().lease(deadline, "beginning a transaction of " + name);
        return new PostgresTransaction(database, this, lease, deadline);
    }

    @Override
    public Optional<EngineTransaction> join(Object handle) {
        try {
            if (!(handle instanceof Connection connection) || !connection.isWrapperFor(PgConnection.class)) {
                return Optional.empty();
            }
            if (connection.isClosed()) {
                throw CoreException.failedPrecondition("the connection is closed; it must have an open transaction");
            }
            PgConnection pg = connection.unwrap(PgConnection.class);
            if (pg.getAutoCommit() && pg.getTransactionState() == TransactionState.IDLE) {
                throw CoreException.failedPrecondition(
                        "the connection has no open transaction: set auto-commit off, or run BEGIN, before");
            }
            return Optional.of(
                    new PostgresTransaction(database, this, database.pool().join(connection), null));
        } catch (SQLException e) {
            throw PostgresErrors.translate(e, "joining a transaction of " + name);
        }
    }
}
