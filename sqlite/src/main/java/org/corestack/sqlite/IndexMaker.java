package org.corestack.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;

/** Makes the indexes of a collection. */
final class IndexMaker {
    private final Database database;
    private final CollectionName name;
    private final List<Index> indexes;

    IndexMaker(Database database, CollectionName name, List<Index> indexes) {
        this.database = database;
        this.name = name;
        this.indexes = indexes;
    }

    /** Makes those that are not there, all or none. */
    void ensure(Deadline deadline) {
        String doing = indexes.size() == 1
                ? "making the index " + indexes.get(0).name() + " of " + name
                : "making indexes of " + name;
        boolean complete = database.reads().readAtOnce(deadline, doing, session -> {
            Long collection = database.catalog().find(session, name);
            return collection != null && missing(session, collection).isEmpty();
        });
        if (!complete) {
            database.transactions().refuseWithin(doing);
            database.writer().write(new WriteTask<>(doing, deadline, transaction -> {
                make(transaction, deadline);
                database.writer().expiryMayHaveChanged();
                return true;
            }));
        }
    }

    private void make(Transaction transaction, Deadline deadline) throws SQLException {
        Session session = transaction.session();
        long collection = transaction.collectionOrNew(name);
        for (Index index : missing(session, collection)) {
            session.patience(deadline::isExpired);
            try {
                session.run(statement(index));
            } catch (SQLException e) {
                if (SqliteErrors.isUniqueness(e)) {
                    throw duplicates(index, e);
                }
                throw e;
            } finally {
                session.patience(() -> false);
            }
            session.run(new IndexRow(index).statement(name));
        }
    }

    private CoreException duplicates(Index index, SQLException e) {
        return new CoreException(
                ErrorCode.FAILED_PRECONDITION,
                "the unique index " + index.name() + " of " + name + " can't be made: documents that are there have"
                        + " equal values at " + index.paths(),
                e);
    }

    /**
     * Those that are not there.
     *
     * @throws CoreException ALREADY_EXISTS if one that is there is in the way of one
     */
    private List<Index> missing(Session session, long collection) throws SQLException {
        List<Index> known = new ArrayList<>(IndexRow.of(session, collection));
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

    /** The statements that make the collection and its indexes in a file that has nothing. */
    static List<String> statements(CollectionName name, SqliteDialect dialect, List<Index> indexes) {
        List<String> statements = new ArrayList<>();
        statements.add("PRAGMA journal_mode = WAL");
        statements.addAll(Format.statements());
        statements.addAll(Catalog.statements(name));
        for (Index index : indexes) {
            statements.add(statement(name, dialect, index));
            statements.add(new IndexRow(index).statement(name));
        }
        return statements;
    }

    private String statement(Index index) {
        return statement(name, database.dialect(), index);
    }

    /**
     * One on the columns of its paths and then on the key. A unique one has behind the paths what tells apart the
     * classes of type that share values, which is SQL's NULL where a document does not count: to SQLite no two NULLs
     * are the same. A sparse one is used where the filter says that a value is there, as all but those for null do.
     */
    private static String statement(CollectionName name, SqliteDialect dialect, Index index) {
        List<String> columns = new ArrayList<>();
        for (Sort.Term term : index.terms()) {
            for (String column : dialect.columns(term.path())) {
                columns.add(term.descending() ? column + " DESC" : column);
            }
        }
        if (index.unique()) {
            index.paths().forEach(path -> columns.add(dialect.place(path).kind()));
        } else {
            columns.add("key");
        }
        String present = index.paths().stream()
                .map(path -> dialect.place(path).present())
                .collect(Collectors.joining(" OR "));
        return "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX IF NOT EXISTS " + name.quotedIndex(index.name())
                + " ON " + name.quotedTable() + " (" + String.join(", ", columns) + ")"
                + (index.sparse() ? " WHERE " + present : "");
    }
}
