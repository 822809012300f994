package org.corestack.mongodb;

import java.util.Optional;
import org.bson.BsonTimestamp;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.corestack.store.spi.Write;
import org.corestack.store.spi.WriteResult;

/** A collection of the servers. */
final class StoredCollection implements EngineCollection {
    private final Link link;
    private final CollectionName name;
    private final DocumentWriter writer;
    private final IndexMaker indexes;
    private final Changes changes;

    StoredCollection(Link link, CollectionName name) {
        this.link = link;
        this.name = name;
        CollectionIdentity identity = new CollectionIdentity(name);
        this.writer = new DocumentWriter(link, name, identity);
        this.indexes = new IndexMaker(link, name, identity);
        this.changes = new Changes(link, name, identity);
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        return writer.write(write, deadline);
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        Doing doing = new Doing(new Doing.OfDocument("find", name, key), false);
        return link.run(
                doing,
                deadline,
                call -> Optional.ofNullable(call.documents(name)
                        .find(call.session(), Raw.document(out -> Conditions.key(out, key)))
                        .first()));
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        return new ListCursor(link, name, filter, options, null);
    }

    /** The list begins behind the position, and may show writes that a watch from it delivers again. */
    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        MongoPosition now = changes.place(deadline);
        BsonTimestamp time = now.time();
        return new Snapshot(now.toPosition(), new ListCursor(link, name, filter, FindOptions.ofDefaults(), time));
    }

    @Override
    public void ensureIndex(Index index, Deadline deadline) {
        indexes.ensure(index, deadline);
    }

    @Override
    public ChangeSource changes() {
        return changes;
    }
}
