package org.corestack.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.corestack.document.Aggregation;
import org.corestack.document.Condition;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
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

/** A collection of a {@link MemoryEngine}, by itself or within a transaction. */
final class MemoryCollection implements EngineCollection {
    private static final int BATCH = 3;

    private final MemoryEngine engine;
    private final String name;
    private final @Nullable MemoryTransaction transaction;

    MemoryCollection(MemoryEngine engine, String name, @Nullable MemoryTransaction transaction) {
        this.engine = engine;
        this.name = name;
        this.transaction = transaction;
    }

    private MemoryState state() {
        return transaction == null ? engine.state() : transaction.state();
    }

    private List<StoredDocument> matching(Filter filter, FindOptions options) {
        synchronized (engine) {
            return state().find(name, filter, options);
        }
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        return transaction == null ? engine.write(name, write) : transaction.write(name, write);
    }

    @Override
    public List<WriteResult> writeAll(List<Write> writes, Deadline deadline) {
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
        List<StoredDocument> matching = matching(filter, FindOptions.ofDefaults());
        matching.forEach(stored -> write(new Write.Delete(stored.key(), Condition.none()), deadline));
        return matching.size();
    }

    @Override
    public Optional<StoredDocument> find(Key key, Deadline deadline) {
        engine.called("find");
        synchronized (engine) {
            return Optional.ofNullable(state().find(name, key));
        }
    }

    @Override
    public Cursor find(Filter filter, FindOptions options) {
        return cursor(matching(filter, options));
    }

    @Override
    public List<Aggregation.Group> aggregate(Filter filter, Aggregation aggregation, Deadline deadline) {
        engine.called("aggregate");
        return aggregation.of(matching(filter, FindOptions.ofDefaults()));
    }

    @Override
    public Snapshot snapshot(Filter filter, Deadline deadline) {
        engine.called("snapshot");
        synchronized (engine) {
            return new Snapshot(
                    engine.position(engine.log().size()), cursor(matching(filter, FindOptions.ofDefaults())));
        }
    }

    private Cursor cursor(List<StoredDocument> found) {
        Iterator<StoredDocument> rest = found.iterator();
        return new Cursor() {
            @Override
            public List<StoredDocument> next(Deadline deadline) {
                engine.called("batch");
                List<StoredDocument> batch = new ArrayList<>();
                while (rest.hasNext() && batch.size() < BATCH) {
                    batch.add(rest.next());
                }
                return batch;
            }

            @Override
            public void close() {
                engine.called("closed");
            }
        };
    }

    @Override
    public void ensureIndexes(List<Index> indexes, Deadline deadline) {
        statements(indexes).forEach(engine::called);
    }

    @Override
    public List<Index> indexes(Deadline deadline) {
        engine.called("indexes");
        return List.of();
    }

    @Override
    public List<String> statements(List<Index> indexes) {
        List<String> statements = new ArrayList<>();
        for (Index index : indexes) {
            List<String> terms = new ArrayList<>();
            index.terms().forEach(term -> terms.add(term.path() + (term.descending() ? " desc" : "")));
            statements.add("index " + index.name() + " on " + String.join(", ", terms)
                    + (index.unique() ? " unique" : "") + (index.sparse() ? " sparse" : "")
                    + (index.expireAfter() == null ? "" : " expiring " + index.expireAfter()));
        }
        return statements;
    }

    @Override
    public ChangeSource changes() {
        return engine.feed();
    }
}
