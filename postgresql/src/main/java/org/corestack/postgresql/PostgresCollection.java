package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.corestack.document.Aggregation;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.sql.PagedQuery;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** A collection: a table of the store's schema. */
final class PostgresCollection implements EngineCollection {
    private final Database database;
    private final Access access;
    private final CollectionName name;
    private final PostgresChanges changes;
    private final Schema schema;

    private record Row(long version, String doc, @Nullable String longs) {}

    PostgresCollection(Database database, Access access, CollectionName name, PostgresChanges changes, Schema schema) {
        this.database = database;
        this.access = access;
        this.name = name;
        this.changes = changes;
        this.schema = schema;
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        DocumentWrite work =
                new DocumentWrite(name, database.codec(), database.dialect(name.store()), database.source(), write);
        WriteResult missing = WriteResult.refused(WriteResult.Status.NOT_FOUND);
        if (!access.isThere(name, work.creates(), deadline)) {
            return missing;
        }
        Supplier<WriteResult> run = () -> {
            Doing doing = Doing.of(write, name);
            Optional<WriteResult> atOnce = work.mayBeAtOnce()
                    ? access.write(deadline, doing, true, session -> Optional.ofNullable(work.atOnce(session)))
                    : Optional.empty();
            return atOnce.orElseGet(() -> access.write(deadline, doing, false, work::change));
        };
        WriteResult result;
        try {
            result = work.creates() ? makingIt(deadline, run) : unlessMissing(missing, run);
        } catch (CoreException e) {
            throw naming(e, write, deadline);
        }
        if (result.written() != null) {
            access.written(name.store());
        }
        return result;
    }

    /** An error with the full name of the unique index that it is about, where the database has only a part of that. */
    private CoreException naming(CoreException e, Write write, Deadline deadline) {
        String relation = PostgresErrors.uniqueIndex(e);
        if (relation == null || !Names.isShortened(relation)) {
            return e;
        }
        try {
            return access
                    .read(deadline, "listing the indexes of " + name, session -> IndexRow.of(session, name))
                    .stream()
                    .filter(index -> name.index(index.name()).equals(relation))
                    .findFirst()
                    .map(index -> PostgresErrors.taken(Doing.of(write, name), index.name(), e.getCause()))
                    .orElse(e);
        } catch (CoreException more) {
            e.addSuppressed(more); // its name is all that is missing
            return e;
        }
    }

    /** Runs it once more where the collection was not there, and is made now. */
    private <T> T makingIt(Deadline deadline, Supplier<T> run) {
        try {
            return run.get();
        } catch (CoreException e) {
            if (!PostgresErrors.isMissingTable(e)) {
                throw e;
            }
        }
        schema.ensure(name, deadline);
        return run.get();
    }

    private static <T> T unlessMissing(T missing, Supplier<T> run) {
        try {
            return run.get();
        } catch (CoreException e) {
            if (PostgresErrors.isMissingTable(e)) {
                return missing;
            }
            throw e;
        }
    }

    /** Together where all goes well; one by one where one of them would undo the others. */
    @Override
    public List<WriteResult> writeAll(List<Write> writes, Deadline deadline) {
        List<WriteResult> results = new ArrayList<>();
        for (int at = 0; at < writes.size(); at += BulkWrite.AT_ONCE) {
            List<Write> some = writes.subList(at, Math.min(writes.size(), at + BulkWrite.AT_ONCE));
            try {
                results.addAll(new BulkWrite(database, access, name, some).run(deadline, this::write));
            } catch (CoreException e) {
                boolean nothingDone = at == 0 && !e.outcomeUnknown();
                if (nothingDone || PostgresErrors.isDefeat(e)) { // then the whole transaction is done again
                    throw e;
                }
                return BulkWrite.failing(name, writes, results, some.size(), e);
            }
        }
        return results;
    }

    @Override
    public long deleteAll(Filter filter, Deadline deadline) {
        if (!access.isThere(name, false, deadline)) {
            return 0;
        }
        return unlessMissing(0L, () -> new Deletion(database, access, name, filter).run(deadline));
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        if (!access.isThere(name, false, deadline)) {
            return Optional.empty();
        }
        String select = "SELECT version, doc, longs FROM " + name.table() + " WHERE key = ?";
        return unlessMissing(
                        Optional.<Row>empty(),
                        () -> access.read(
                                deadline,
                                new Doing("find", name, key),
                                session -> session.first(
                                        select,
                                        List.of(key.toBytes()),
                                        row -> new Row(row.getLong(1), row.getString(2), row.getString(3)))))
                .map(row -> new StoredDocument(key, database.codec().decode(row.doc, row.longs), row.version));
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        PagedQuery query = new PagedQuery(database.dialect(name.store()), name.table(), filter, options);
        return new PostgresCursor(database, access, name, query, options.limit());
    }

    @Override
    public List<Aggregation.Group> aggregate(Filter filter, Aggregation aggregation, Deadline deadline) {
        AggregateQuery query = new AggregateQuery(database, name, filter, aggregation);
        if (!access.isThere(name, false, deadline)) {
            return aggregation.of(List.of());
        }
        List<List<@Nullable Object>> rows =
                unlessMissing(List.of(), () -> access.read(deadline, "an aggregate of " + name, query::read));
        return query.groups(rows);
    }

    /** The list is read after the position was taken: what it shows already the watch tells again. */
    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        Position position = changes.now(deadline);
        return new Snapshot(position, find(filter, FindOptions.ofDefaults()));
    }

    @Override
    public void ensureIndexes(List<Index> indexes, Deadline deadline) {
        new IndexMaker(database, schema, name, indexes).ensure(deadline);
    }

    @Override
    public List<Index> indexes(Deadline deadline) {
        if (!access.isThere(name, false, deadline)) {
            return List.of();
        }
        return unlessMissing(
                List.of(),
                () -> access.read(deadline, "listing the indexes of " + name, session -> IndexRow.of(session, name)));
    }

    @Override
    public List<String> statements(List<Index> indexes) {
        return IndexMaker.statements(name, database.dialect(name.store()), indexes);
    }

    @Override
    public void keepImages(boolean keep, Deadline deadline) {
        if (keepsImages(deadline) != keep) {
            schema.keepImages(name, keep, deadline);
        }
    }

    @Override
    public boolean keepsImages(Deadline deadline) {
        return access.read(
                deadline, "looking whether " + name + " keeps images", session -> Images.areKept(session, name));
    }

    @Override
    public ChangeSource changes() {
        return changes;
    }
}
