package org.corestack.postgresql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;

/** Makes the indexes of a collection. */
final class IndexMaker {
    /** PostgreSQL's limit. */
    private static final int MOST_COLUMNS = 32;

    private final Database database;
    private final Schema schema;
    private final CollectionName name;
    private final List<Index> indexes;

    IndexMaker(Database database, Schema schema, CollectionName name, List<Index> indexes) {
        this.database = database;
        this.schema = schema;
        this.name = name;
        this.indexes = indexes;
    }

    /** Makes those that are not there, all or none. */
    void ensure(Deadline deadline) {
        String doing = indexes.size() == 1
                ? "making the index " + indexes.get(0).name() + " of " + name
                : "making indexes of " + name;
        if (isComplete(deadline, doing)) {
            return;
        }
        schema.ensure(name, deadline);
        database.pool().inTransaction(deadline, doing, session -> {
            session.lock(name.store().lock("schema"));
            for (Index index : missing(session)) {
                make(session, index);
            }
            return true;
        });
    }

    private boolean isComplete(Deadline deadline, String doing) {
        try {
            return database.pool()
                    .read(
                            deadline,
                            doing,
                            session -> missing(session).isEmpty()
                                    && session.exists("SELECT 1 WHERE to_regclass(?) IS NOT NULL", name.table()));
        } catch (CoreException e) {
            if (PostgresErrors.isMissingTable(e)) {
                return false;
            }
            throw e;
        }
    }

    private void make(Session session, Index index) throws SQLException {
        try {
            session.update(statement(name, database.dialect(name.store()), index));
        } catch (SQLException e) {
            if (PostgresErrors.isUniqueness(e)) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        "the unique index " + index.name() + " of " + name + " can't be made: documents that are there"
                                + " have equal values at " + index.paths(),
                        PostgresErrors.withoutValues(e));
            }
            if (PostgresErrors.isTooLargeForIndex(e)) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        "the index " + index.name() + " of " + name + " can't be made: a document that is there has"
                                + " values at " + index.paths() + " that are too large for it together",
                        PostgresErrors.withoutValues(e));
            }
            throw e;
        }
        session.update(new IndexRow(index).statement(name));
    }

    /**
     * Those that are not there.
     *
     * @throws CoreException ALREADY_EXISTS if one that is there is in the way of one
     */
    private List<Index> missing(Session session) throws SQLException {
        List<Index> known = new ArrayList<>(IndexRow.of(session, name));
        List<Index> missing = new ArrayList<>();
        for (Index index : indexes) {
            if (!known.contains(index)) {
                known.forEach(other -> checkClash(index, other));
                missing.add(index);
                known.add(index);
            }
        }
        return missing;
    }

    /** One that does the same under another name is no clash. */
    private void checkClash(Index index, Index other) {
        boolean sameName = index.name().equalsIgnoreCase(other.name());
        boolean alike = other.named(index.name()).equals(index);
        if (sameName || (index.terms().equals(other.terms()) && !alike)) {
            throw new CoreException(
                    ErrorCode.ALREADY_EXISTS,
                    "the index " + index.name() + " of " + name + " can't be made: there is " + other.name() + " on "
                            + other.paths() + ", which has " + (sameName ? "its name" : "its paths")
                            + " and is another");
        }
    }

    /** The statements that make the collection and its indexes where there is nothing. */
    static List<String> statements(CollectionName name, PostgresDialect dialect, List<Index> indexes) {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE SCHEMA " + name.store().quotedSchema());
        statements.addAll(Schema.storeStatements(name.store()));
        statements.addAll(Schema.collectionStatements(name));
        for (Index index : indexes) {
            statements.add(statement(name, dialect, index));
            statements.add(new IndexRow(index).statement(name));
        }
        return statements;
    }

    /**
     * One on the columns of its paths and then on the key, where there is room. A unique one has, instead of the key, a
     * hash of what was cut off from long texts, and leaves out documents in which a value is missing, or is a list or
     * document.
     */
    private static String statement(CollectionName name, PostgresDialect dialect, Index index) {
        List<String> columns = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (Sort.Term term : index.terms()) {
            for (String column : dialect.indexed(term.path())) {
                columns.add("(" + column + ")" + (term.descending() ? " DESC" : ""));
            }
            if (index.unique()) {
                String prefix = dialect.place(term.path()).prefix();
                conditions.add(prefix + " > '' AND " + prefix + " <> '" + Place.LIST + "' AND " + prefix + " <> '"
                        + Place.DOCUMENT + "'");
            }
        }
        if (index.unique()) {
            columns.subList(Math.min(columns.size(), MOST_COLUMNS - 1), columns.size())
                    .clear();
            columns.add(hash(dialect, index));
        } else if (columns.size() < MOST_COLUMNS) {
            columns.add("key");
        }
        if (index.sparse()) {
            conditions.add(index.paths().stream()
                    .map(path -> dialect.place(path).present())
                    .collect(Collectors.joining(" OR ", "(", ")")));
        }
        return "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX " + Names.quote(name.index(index.name())) + " ON "
                + name.table() + " (" + String.join(", ", columns) + ")"
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    /** Of what was cut off, and of the last column where there was no room for it; mostly of nothing. */
    private static String hash(PostgresDialect dialect, Index index) {
        String rests = index.paths().stream()
                .map(path -> dialect.place(path).rest())
                .collect(Collectors.joining(" || chr(1) || "));
        if (2 * index.terms().size() > MOST_COLUMNS - 1) {
            List<FieldPath> paths = index.paths();
            rests += " || chr(1) || "
                    + dialect.place(paths.get(paths.size() - 1)).prefix();
        }
        return "(md5(" + rests + "))";
    }
}
