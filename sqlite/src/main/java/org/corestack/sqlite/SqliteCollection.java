package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.corestack.document.Aggregation;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.sql.PagedQuery;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** A collection: a table of the file. */
final class SqliteCollection implements EngineCollection {
    private final Database database;
    private final Access access;
    private final CollectionName name;
    private final ChangeSource changes;
    private final String select;

    SqliteCollection(Database database, Access access, CollectionName name, ChangeSource changes) {
        this.database = database;
        this.access = access;
        this.name = name;
        this.changes = changes;
        this.select = "SELECT version, doc, longs FROM " + name.quotedTable() + " WHERE key = ?";
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        return access.write(deadline, Doing.of(write, name), new DocumentWrite(name, database.codec(), write));
    }

    @Override
    public List<WriteResult> writeAll(List<Write> writes, Deadline deadline) {
        return access.write(
                deadline, writes.size() + " writes in " + name, new BulkWrite(name, database.codec(), writes));
    }

    @Override
    public long deleteAll(Filter filter, Deadline deadline) {
        return new Deletion(database, access, name, filter).run(deadline);
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        return access.read(deadline, new Doing("find", name, key), session -> find(session, key))
                .map(row -> new StoredDocument(key, database.codec().decode(row.doc, row.longs), row.version));
    }

    private record Row(long version, String doc, @Nullable String longs) {}

    private Optional<Row> find(Session session, Key key) throws SQLException {
        if (database.catalog().find(session, name) == null) {
            return Optional.empty();
        }
        try (ResultSet row = session.query(select, KeyColumn.toColumn(key))) {
            return row.next()
                    ? Optional.of(new Row(row.getLong(1), row.getString(2), row.getString(3)))
                    : Optional.empty();
        }
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        return cursor(filter, options);
    }

    private SqliteCursor cursor(Filter filter, FindOptions options) {
        PagedQuery query = new PagedQuery(database.dialect(), name.quotedTable(), filter, options);
        return new SqliteCursor(database, access, name, query, options.limit());
    }

    @Override
    public List<Aggregation.Group> aggregate(Filter filter, Aggregation aggregation, Deadline deadline) {
        AggregateQuery query = new AggregateQuery(database, name, filter, aggregation);
        return query.groups(access.readAtOnce(deadline, "an aggregate of " + name, query::read));
    }

    /** The position and the first page are of one moment, and all later pages of later ones. */
    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        SqliteCursor cursor = cursor(filter, FindOptions.ofDefaults());
        Position position = access.readAtOnce(deadline, "taking a snapshot of " + name, session -> {
            Position now = SqliteChanges.now(session, database.fileId());
            cursor.prefetch(session);
            return now;
        });
        return new Snapshot(position, cursor);
    }

    @Override
    public void ensureIndexes(List<Index> indexes, Deadline deadline) {
        new IndexMaker(database, name, indexes).ensure(deadline);
    }

    @Override
    public List<Index> indexes(Deadline deadline) {
        return access.read(deadline, "listing the indexes of " + name, session -> {
            Long collection = database.catalog().find(session, name);
            return collection == null ? List.of() : IndexRow.of(session, collection);
        });
    }

    @Override
    public List<String> statements(List<Index> indexes) {
        return IndexMaker.statements(name, database.dialect(), indexes);
    }

    @Override
    public void keepImages(boolean keep, Deadline deadline) {
        String doing = (keep ? "keeping images of " : "keeping no images of ") + name;
        if (keepsImages(deadline) == keep) {
            return;
        }
        database.transactions().refuseWithin(doing);
        database.writer().write(new WriteTask<>(doing, deadline, transaction -> {
            Images.keep(transaction.session(), name, transaction.collectionOrNew(name), keep);
            return true;
        }));
    }

    @Override
    public boolean keepsImages(Deadline deadline) {
        return access.readAtOnce(deadline, "looking whether " + name + " keeps images", session -> {
            Long collection = database.catalog().find(session, name);
            return collection != null && Images.areKept(session, collection);
        });
    }

    @Override
    public ChangeSource changes() {
        return changes;
    }
}
