package org.corestack.testkit.reference;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.corestack.document.Aggregation;
import org.corestack.document.Condition;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** Each operation as its meaning in memory says. */
final class ReferenceCollection implements EngineCollection {
    private static final int BATCH = 100;

    private final ReferenceView view;
    private final ReferenceStore store;
    private final String path;

    ReferenceCollection(ReferenceView view, ReferenceStore store, String path) {
        this.view = view;
        this.store = store;
        this.path = path;
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        view.begin("the write of " + write.key() + " to " + path, deadline);
        WriteResult result = view.write(path, write);
        boolean returning = write instanceof Write.Apply apply && apply.returning();
        return result.written() == null || returning ? result : WriteResult.applied(result.written());
    }

    @Override
    public List<WriteResult> writeAll(List<Write> writes, Deadline deadline) {
        view.begin("the writes to " + path, deadline);
        List<WriteResult> results = new ArrayList<>();
        for (Write write : writes) {
            try {
                results.add(write(write, deadline));
            } catch (CoreException e) {
                results.add(WriteResult.failed(e));
            }
        }
        return results;
    }

    @Override
    public long deleteAll(Filter filter, Deadline deadline) {
        view.begin("the deletes from " + path, deadline);
        long deleted = 0;
        for (StoredDocument stored : matching(filter).toList()) {
            Write delete = new Write.Delete(stored.key(), Condition.matching(filter));
            deleted += view.write(path, delete).status() == WriteResult.Status.APPLIED ? 1 : 0;
        }
        return deleted;
    }

    private Stream<StoredDocument> matching(Filter filter) {
        return view.all(path).stream().filter(stored -> filter.matches(stored.key(), stored.document()));
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        view.begin("the read of " + key + " from " + path, deadline);
        return view.find(path, key);
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        return new ListCursor(() -> matching(filter)
                .sorted(options.sort().comparator())
                .skip(options.skip())
                .limit(options.limit())
                .map(stored -> new StoredDocument(stored.key(), options.project(stored.document()), stored.version()))
                .iterator());
    }

    @Override
    public List<Aggregation.Group> aggregate(Filter filter, Aggregation aggregation, Deadline deadline) {
        view.begin("the aggregation of " + path, deadline);
        return aggregation.of(matching(filter).toList());
    }

    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        view.begin("the snapshot of " + path, deadline);
        Position position;
        List<StoredDocument> all;
        synchronized (store.database()) {
            position = store.database().currentPosition();
            all = matching(filter).toList();
        }
        return new Snapshot(position, new ListCursor(all::iterator));
    }

    @Override
    public void ensureIndexes(List<Index> indexes, Deadline deadline) {
        view.begin("the indexes of " + path, deadline);
        store.database().ensureIndexes(path, indexes);
    }

    @Override
    public List<Index> indexes(Deadline deadline) {
        view.begin("listing the indexes of " + path, deadline);
        return store.database().indexes(path);
    }

    @Override
    public List<String> statements(List<Index> indexes) {
        return List.of();
    }

    @Override
    public void keepImages(boolean keep, Deadline deadline) {
        view.begin("keeping images of " + path, deadline);
        store.database().keepImages(path, keep);
    }

    @Override
    public boolean keepsImages(Deadline deadline) {
        view.begin("looking at " + path, deadline);
        return store.database().keepsImages(path);
    }

    @Override
    public ChangeSource changes() {
        return store;
    }

    /** What a query finds, asked when the first batch is. */
    private interface Query {
        Iterator<StoredDocument> run();
    }

    private final class ListCursor implements Cursor {
        private final Query query;
        private @Nullable Iterator<StoredDocument> rest;
        private volatile boolean closed;

        ListCursor(Query query) {
            this.query = query;
        }

        @Override
        public List<StoredDocument> next(Deadline deadline) {
            view.begin("the read from " + path, deadline);
            if (closed) {
                throw CoreException.failedPrecondition("the list of " + path + " is closed");
            }
            Iterator<StoredDocument> from = rest == null ? query.run() : rest;
            rest = from;
            List<StoredDocument> batch = new ArrayList<>();
            while (batch.size() < BATCH && from.hasNext()) {
                batch.add(from.next());
            }
            return batch;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
