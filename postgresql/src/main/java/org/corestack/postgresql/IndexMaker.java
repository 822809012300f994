package org.corestack.postgresql;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.corestack.document.Index;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;

/**
 * Makes one index of a collection. What it is on stands in its comment, as PostgreSQL gives an expression back in
 * another form, and its name in full, as a long one is cut.
 */
final class IndexMaker {
    private static final String COMMENT = "corestack index ";

    private final Database database;
    private final Schema schema;
    private final CollectionName name;
    private final Index index;
    private final String comment;

    IndexMaker(Database database, Schema schema, CollectionName name, Index index) {
        this.database = database;
        this.schema = schema;
        this.name = name;
        this.index = index;
        this.comment = COMMENT + index.name() + " on " + index.path();
    }

    /** Makes the index unless it is there. */
    void ensure(Deadline deadline) {
        String doing = "making the index " + index.name() + " of " + name;
        if (!database.pool().read(deadline, doing, this::isThere)) {
            schema.ensure(name, deadline);
            database.pool().inTransaction(deadline, doing, session -> {
                session.lock(name.store().lock("schema"));
                if (!isThere(session)) {
                    for (String statement : statements(name, index, database.dialect())) {
                        session.update(statement);
                    }
                }
                return true;
            });
        }
    }

    /** The statements that make it. */
    static List<String> statements(CollectionName name, Index index, PostgresDialect dialect) {
        String physical = Names.quote(name.index(index.name()));
        return List.of(
                "CREATE INDEX " + physical + " ON " + name.table() + " (("
                        + String.join("), (", dialect.indexed(index.path())) + "), key)",
                "COMMENT ON INDEX " + name.store().quotedSchema() + "." + physical + " IS "
                        + Names.literal(COMMENT + index.name() + " on " + index.path()));
    }

    private boolean isThere(Session session) throws SQLException {
        String begin = COMMENT + index.name().toLowerCase(Locale.ROOT) + " on ";
        String found = session.first(
                        "SELECT obj_description(i.indexrelid, 'pg_class') FROM pg_index i"
                                + " WHERE i.indrelid = to_regclass(?)"
                                + " AND starts_with(lower(obj_description(i.indexrelid, 'pg_class')), ?)",
                        List.of(name.table(), begin),
                        row -> row.getString(1))
                .orElse("");
        if (found.isEmpty() || found.equals(comment)) {
            return !found.isEmpty();
        }
        throw new CoreException(
                ErrorCode.ALREADY_EXISTS,
                "the collection " + name + " has another index " + found.substring(COMMENT.length()) + " than one on "
                        + index.path());
    }
}
