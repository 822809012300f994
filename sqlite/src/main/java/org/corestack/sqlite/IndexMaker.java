package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.corestack.document.Index;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;

/** Makes one index of a collection. */
final class IndexMaker {
    private final Database database;
    private final CollectionName name;
    private final Index index;
    private final String sql;

    IndexMaker(Database database, CollectionName name, Index index) {
        this.database = database;
        this.name = name;
        this.index = index;
        this.sql = "CREATE INDEX " + name.quotedIndex(index.name()) + " ON " + name.quotedTable() + " ("
                + String.join(", ", database.dialect().columns(index.path())) + ", key)";
    }

    /** Makes the index unless it is there. */
    void ensure(Deadline deadline) {
        String doing = "making the index " + index.name() + " of " + name;
        if (!database.reads().read(deadline, doing, this::isThere)) {
            database.writer().write(new WriteTask<>(doing, deadline, transaction -> {
                make(transaction, deadline);
                return true;
            }));
        }
    }

    private void make(Transaction transaction, Deadline deadline) throws SQLException {
        transaction.collectionOrNew(name);
        Session session = transaction.session();
        if (!isThere(session)) {
            session.patience(deadline::isExpired);
            session.run(sql);
            session.patience(() -> false);
        }
    }

    /** SQLite keeps the statement that made an index as it was given. */
    private boolean isThere(Session session) throws SQLException {
        try (ResultSet row = session.query(
                "SELECT name, sql FROM sqlite_schema WHERE name = ? COLLATE NOCASE", name.index(index.name()))) {
            if (!row.next()) {
                return false;
            }
            if (sql.equals(row.getString(2))) {
                return true;
            }
            throw new CoreException(
                    ErrorCode.ALREADY_EXISTS,
                    "the collection " + name + " has another index "
                            + row.getString(1).substring(name.index("").length()) + " than one on " + index.path());
        }
    }
}
