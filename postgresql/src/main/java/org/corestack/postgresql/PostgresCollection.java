package org.corestack.postgresql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.sql.PagedQuery;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.corestack.store.spi.Write;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** A collection: a table of the store's schema. */
final class PostgresCollection implements EngineCollection {
    private final Database database;
    private final CollectionName name;
    private final PostgresChanges changes;
    private final Schema schema;

    private record Row(long version, String doc, @Nullable String longs) {}

    PostgresCollection(Database database, CollectionName name, PostgresChanges changes, Schema schema) {
        this.database = database;
        this.name = name;
        this.changes = changes;
        this.schema = schema;
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        DocumentWrite work = new DocumentWrite(name, database.codec(), database.source(), write);
        Doing doing = new Doing(verb(write), name, write.key());
        WriteResult result;
        try {
            result = run(work, deadline, doing);
        } catch (CoreException e) {
            if (!PostgresErrors.isMissingTable(e)) {
                throw e;
            }
            if (!work.creates()) {
                return WriteResult.refused(WriteResult.Status.NOT_FOUND);
            }
            schema.ensure(name, deadline);
            result = run(work, deadline, doing);
        }
        if (result.written() != null) {
            database.wakers().committed(name.store());
        }
        return result;
    }

    private WriteResult run(DocumentWrite work, Deadline deadline, Doing doing) {
        return work.isOneStatement()
                ? database.pool().write(deadline, doing, work::in)
                : database.pool().inTransaction(deadline, doing, work::in);
    }

    /** As the user calls it. */
    private static String verb(Write write) {
        if (write instanceof Write.Merge) {
            return "update";
        }
        return write instanceof Write.Apply
                ? "patch"
                : write.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        try {
            return database.pool()
                    .read(
                            deadline,
                            new Doing("find", name, key),
                            session -> session.first(
                                    "SELECT version, doc, longs FROM " + name.table() + " WHERE key = ?",
                                    List.of(key.toBytes()),
                                    row -> new Row(row.getLong(1), row.getString(2), row.getString(3))))
                    .map(row -> new StoredDocument(key, database.codec().decode(row.doc, row.longs), row.version));
        } catch (CoreException e) {
            if (PostgresErrors.isMissingTable(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        PagedQuery query = new PagedQuery(database.dialect(), name.table(), filter, options.sort());
        return new PostgresCursor(database, name, query, options.limit());
    }

    /** The list is read after the position was taken: what it shows already the watch tells again. */
    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        Position position = changes.now(deadline);
        return new Snapshot(position, find(filter, FindOptions.sortBy(Sort.byKey())));
    }

    @Override
    public void ensureIndex(Index index, Deadline deadline) {
        new IndexMaker(database, schema, name, index).ensure(deadline);
    }

    @Override
    public ChangeSource changes() {
        return changes;
    }
}
