package org.corestack.testkit.reference;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.Snapshot;
import org.corestack.document.Write;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/** Each operation as its meaning in memory says. */
final class ReferenceCollection implements EngineCollection {
    private static final int BATCH = 100;

    private final ReferenceEngine engine;
    private final ReferenceStore store;
    private final String path;

    ReferenceCollection(ReferenceEngine engine, ReferenceStore store, String path) {
        this.engine = engine;
        this.store = store;
        this.path = path;
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        engine.begin("the write of " + write.key() + " to " + path, deadline);
        engine.database().faults().beforeWrite();
        return engine.database().write(path, write.key(), engine.source(), new ReferenceDatabase.Attempt() {
            @Override
            public Status judge(@Nullable StoredDocument current) {
                return ReferenceCollection.judge(write, current);
            }

            @Override
            public @Nullable Document after(@Nullable StoredDocument current) {
                return ReferenceCollection.after(write, current == null ? Document.empty() : current.document());
            }
        });
    }

    private static Status judge(Write write, @Nullable StoredDocument current) {
        if (write instanceof Write.Insert) {
            return current == null ? Status.APPLIED : Status.ALREADY_EXISTS;
        }
        if (write instanceof Write.Upsert) {
            return Status.APPLIED;
        }
        if (current == null) {
            return Status.NOT_FOUND;
        }
        return condition(write).holds(current.version()) ? Status.APPLIED : Status.CONFLICT;
    }

    private static Condition condition(Write write) {
        if (write instanceof Write.Replace replace) {
            return replace.condition();
        }
        if (write instanceof Write.Merge merge) {
            return merge.condition();
        }
        if (write instanceof Write.Apply apply) {
            return apply.condition();
        }
        return write instanceof Write.Delete delete ? delete.condition() : Condition.none();
    }

    private static @Nullable Document after(Write write, Document current) {
        if (write instanceof Write.Insert insert) {
            return insert.document();
        }
        if (write instanceof Write.Replace replace) {
            return replace.document();
        }
        if (write instanceof Write.Merge merge) {
            return merge.apply(current);
        }
        if (write instanceof Write.Upsert upsert) {
            return new Write.Merge(upsert.key(), upsert.set(), upsert.unset(), Condition.none()).apply(current);
        }
        return write instanceof Write.Apply apply ? apply.patch().apply(current) : null;
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        engine.begin("the read of " + key + " from " + path, deadline);
        return engine.database().find(path, key);
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        return new ListCursor(() -> engine.database().all(path).stream()
                .filter(stored -> filter.matches(stored.document()))
                .sorted(options.sort().comparator())
                .limit(options.limit())
                .iterator());
    }

    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        engine.begin("the snapshot of " + path, deadline);
        Position position;
        List<StoredDocument> all;
        synchronized (engine.database()) {
            position = engine.database().now();
            all = engine.database().all(path);
        }
        return new Snapshot(
                position,
                new ListCursor(() -> all.stream()
                        .filter(stored -> filter.matches(stored.document()))
                        .iterator()));
    }

    @Override
    public void ensureIndex(Index index, Deadline deadline) {
        engine.begin("the index " + index.name() + " of " + path, deadline);
        engine.database().ensureIndex(path, index);
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
            engine.begin("the read from " + path, deadline);
            if (closed) {
                throw CoreException.failedPrecondition("the list of " + path + " is closed");
            }
            Iterator<StoredDocument> from = rest == null ? query.run() : rest;
            rest = from;
            List<StoredDocument> batch = new java.util.ArrayList<>();
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
