package org.corestack.mongodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonTimestamp;
import org.corestack.document.Aggregation;
import org.corestack.document.Condition;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.corestack.store.spi.WriteResult;

/** A collection of the servers. */
final class StoredCollection implements EngineCollection {
    private final Link link;
    private final Scope scope;
    private final CollectionName name;
    private final Writes writes;
    private final IndexMaker indexes;
    private final Changes changes;
    private final KeptImages images;

    private StoredCollection(Link link, Scope scope, CollectionName name, CollectionIdentity identity, Writes writes) {
        this.link = link;
        this.scope = scope;
        this.name = name;
        this.writes = writes;
        this.indexes = new IndexMaker(link, name, identity);
        this.changes = new Changes(link, name, identity);
        this.images = new KeptImages(name, identity);
    }

    /** A collection, each of whose operations is by itself. */
    static StoredCollection of(Link link, CollectionName name, CollectionIdentity identity) {
        DocumentWriter writer = new DocumentWriter(link, name, identity);
        return new StoredCollection(link, link, name, identity, new BulkWriter(link, name, identity, writer));
    }

    /** A collection within a transaction. */
    static StoredCollection in(
            MongoTransaction transaction, Link link, CollectionName name, CollectionIdentity identity) {
        Writes writes = new TransactionWriter(transaction, link, name, identity);
        return new StoredCollection(link, transaction, name, identity, writes);
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        return writes.write(write, deadline);
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        Doing doing = new Doing(new Doing.OfDocument("find", name, key), false);
        return scope.run(
                doing,
                deadline,
                call -> Optional.ofNullable(call.documents(name)
                        .find(call.session(), Raw.document(out -> Conditions.key(out, key)))
                        .first()));
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        return new ListCursor(scope, name, filter, options, null);
    }

    /**
     * {@inheritDoc} Where the servers can't read a list as of one moment it begins behind the position, and may show writes
     * that a watch from it delivers again.
     */
    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        MongoPosition now = changes.place(deadline);
        SnapshotCursor exact = SnapshotCursor.open(link, name, filter, now.time(), deadline);
        if (exact != null) {
            return new Snapshot(
                    MongoPosition.behind(now.collection(), exact.time()).toPosition(), exact);
        }
        BsonTimestamp time = now.time();
        return new Snapshot(now.toPosition(), new ListCursor(link, name, filter, FindOptions.ofDefaults(), time));
    }

    @Override
    public List<WriteResult> writeAll(List<Write> several, Deadline deadline) {
        return writes.writeAll(several, deadline);
    }

    @Override
    public long deleteAll(Filter filter, Deadline deadline) {
        if (FilterBson.isExact(filter)) {
            Doing doing = new Doing("deleting documents of " + name, true);
            return scope.run(doing, deadline, call -> {
                long deleted = call.raw(name)
                        .deleteMany(call.session(), FilterBson.of(filter))
                        .getDeletedCount();
                if (!call.isInTransaction()) {
                    link.wroteAt(call.time());
                }
                return deleted;
            });
        }
        long deleted = 0;
        for (StoredDocument found : list(filter, deadline)) {
            Write delete = new Write.Delete(found.key(), Condition.matching(filter));
            deleted += writes.write(delete, deadline).status() == WriteResult.Status.APPLIED ? 1 : 0;
        }
        return deleted;
    }

    @Override
    public List<Aggregation.Group> aggregate(Filter filter, Aggregation aggregation, Deadline deadline) {
        return new Aggregates(link, scope, name).of(filter, aggregation, deadline);
    }

    private List<StoredDocument> list(Filter filter, Deadline deadline) {
        List<StoredDocument> all = new ArrayList<>();
        try (Cursor cursor = find(filter, FindOptions.ofDefaults())) {
            List<StoredDocument> batch = cursor.next(deadline);
            while (!batch.isEmpty()) {
                all.addAll(batch);
                batch = cursor.next(deadline);
            }
        }
        return all;
    }

    @Override
    public void ensureIndexes(List<Index> wanted, Deadline deadline) {
        indexes.ensure(wanted, deadline);
    }

    @Override
    public List<Index> indexes(Deadline deadline) {
        return indexes.list(deadline);
    }

    @Override
    public List<String> statements(List<Index> wanted) {
        List<String> statements = new ArrayList<>();
        statements.add("db.getSiblingDB(\"" + name.database() + "\").createCollection(\"" + name.collection() + "\")");
        wanted.forEach(index -> statements.add(indexes.statement(index)));
        return statements;
    }

    @Override
    public void keepImages(boolean keep, Deadline deadline) {
        link.run(new Doing("keeping images of the changes of " + name, true), deadline, call -> {
            images.keep(call, keep);
            return keep;
        });
    }

    @Override
    public boolean keepsImages(Deadline deadline) {
        return link.run(Doing.read("looking whether " + name + " keeps images"), deadline, images::areKept);
    }

    @Override
    public ChangeSource changes() {
        return changes;
    }
}
