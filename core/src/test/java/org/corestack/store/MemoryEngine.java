package org.corestack.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.Snapshot;
import org.corestack.store.spi.WriteResult;

/**
 * A whole engine in a map, with one feed, for tests of what stands above engines: it can forget its history and fail at
 * command. Reached by {@code client.unwrap(MemoryEngine.class)}.
 */
public final class MemoryEngine implements Engine {
    private static final int BATCH = 3;

    private final Map<String, Map<Key, StoredDocument>> collections = new HashMap<>();
    private final List<ChangeReader.CollectionChange> log = new ArrayList<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final List<String> calls = new ArrayList<>();
    private final Source source = new Source();
    private final String client;
    private long version;
    private int trimmed;
    private int trims;
    private boolean closed;
    private boolean held;

    private MemoryEngine(String client) {
        this.client = client;
    }

    /** Opens {@code memory:}, each time a new and empty one. */
    public static final class Provider implements EngineProvider {
        @Override
        public Set<String> schemes() {
            return Set.of("memory");
        }

        @Override
        public Engine open(EngineConfig config) {
            return new MemoryEngine(config.source());
        }
    }

    /** Forgets the changes so far: whoever has not read them has to resync. */
    public synchronized void forgetHistory() {
        trimmed = log.size();
        trims++;
        notifyAll();
    }

    /** Lets readers of the feed wait, or go on. */
    public synchronized void holdReaders(boolean hold) {
        held = hold;
        notifyAll();
    }

    /** Lets each read and write fail from now on; not with null. */
    public void failWith(RuntimeException error) {
        failure.set(error);
    }

    /** What was asked for, in order: snapshot, watch (a position from which one begins), write. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized void called(String what) {
        RuntimeException error = failure.get();
        if (error != null) {
            throw error;
        }
        if (closed) {
            throw CoreException.failedPrecondition("the engine is closed");
        }
        calls.add(what);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.EXACT_SNAPSHOT);
    }

    @Override
    public EngineStore store(String store) {
        return new EngineStore() {
            @Override
            public Set<String> collections(Deadline deadline) {
                return Set.copyOf(collections.keySet());
            }

            @Override
            public EngineCollection collection(String name) {
                return new Collection(name);
            }
        };
    }

    @Override
    public void checkHealth(Deadline deadline) {
        called("health");
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private synchronized WriteResult write(String name, Write write) {
        called("write");
        Map<Key, StoredDocument> documents = collections.computeIfAbsent(name, key -> new TreeMap<>());
        StoredDocument old = documents.get(write.key());
        WriteResult.Status refused = refusal(write, old);
        if (refused != null) {
            return WriteResult.refused(refused);
        }
        Document before = old == null ? Document.empty() : old.document();
        Document after = after(write, before, old == null);
        version++;
        if (after == null) {
            documents.remove(write.key());
        } else {
            documents.put(write.key(), new StoredDocument(write.key(), after, version));
        }
        Operation operation = after == null ? Operation.DELETE : old == null ? Operation.INSERT : Operation.UPDATE;
        Position position = position(log.size() + 1);
        log.add(new ChangeReader.CollectionChange(
                name, new Change(write.key(), operation, null, version, Instant.now(), client, position)));
        notifyAll();
        return WriteResult.applied(new Written(version, position));
    }

    private static WriteResult.Status refusal(Write write, StoredDocument old) {
        if (write instanceof Write.Insert) {
            return old == null ? null : WriteResult.Status.ALREADY_EXISTS;
        }
        if (write instanceof Write.Upsert) {
            return null;
        }
        if (old == null) {
            return WriteResult.Status.NOT_FOUND;
        }
        return condition(write).holds(old.version()) ? null : WriteResult.Status.CONFLICT;
    }

    private static Condition condition(Write write) {
        if (write instanceof Write.Replace replace) {
            return replace.condition();
        }
        if (write instanceof Write.Merge merge) {
            return merge.condition();
        }
        return write instanceof Write.Apply apply ? apply.condition() : ((Write.Delete) write).condition();
    }

    private static Document after(Write write, Document before, boolean absent) {
        if (write instanceof Write.Insert insert) {
            return insert.document();
        }
        if (write instanceof Write.Replace replace) {
            return replace.document();
        }
        if (write instanceof Write.Merge merge) {
            return merge.apply(before);
        }
        if (write instanceof Write.Upsert upsert) {
            return absent
                    ? upsert.set()
                    : new Write.Merge(upsert.key(), upsert.set(), upsert.unset(), Condition.none()).apply(before);
        }
        return write instanceof Write.Apply apply ? apply.patch().apply(before) : null;
    }

    private Position position(int index) {
        return new Position(trims + ":" + index);
    }

    private static int index(Position position) {
        return Integer.parseInt(position.text().substring(position.text().indexOf(':') + 1));
    }

    private synchronized List<StoredDocument> find(String name, Filter filter, FindOptions options) {
        return collections.getOrDefault(name, Map.of()).values().stream()
                .filter(stored -> filter.matches(stored.document()))
                .sorted(options.sort().comparator())
                .limit(options.limit())
                .toList();
    }

    private final class Collection implements EngineCollection {
        private final String name;

        Collection(String name) {
            this.name = name;
        }

        @Override
        public WriteResult write(Write write, Deadline deadline) {
            return MemoryEngine.this.write(name, write);
        }

        @Override
        public Optional<StoredDocument> find(Key key, Deadline deadline) {
            called("find");
            synchronized (MemoryEngine.this) {
                return Optional.ofNullable(
                        collections.getOrDefault(name, Map.of()).get(key));
            }
        }

        @Override
        public Cursor find(Filter filter, FindOptions options) {
            return cursor(MemoryEngine.this.find(name, filter, options));
        }

        @Override
        public Snapshot snapshot(Filter filter, Deadline deadline) {
            called("snapshot");
            synchronized (MemoryEngine.this) {
                return new Snapshot(
                        position(log.size()), cursor(MemoryEngine.this.find(name, filter, FindOptions.ofDefaults())));
            }
        }

        private Cursor cursor(List<StoredDocument> found) {
            Iterator<StoredDocument> rest = found.iterator();
            return new Cursor() {
                @Override
                public List<StoredDocument> next(Deadline deadline) {
                    called("batch");
                    List<StoredDocument> batch = new ArrayList<>();
                    while (rest.hasNext() && batch.size() < BATCH) {
                        batch.add(rest.next());
                    }
                    return batch;
                }

                @Override
                public void close() {
                    called("closed");
                }
            };
        }

        @Override
        public void ensureIndex(Index index, Deadline deadline) {
            called("index " + index.name() + " on " + index.path());
        }

        @Override
        public ChangeSource changes() {
            return source;
        }
    }

    private final class Source implements ChangeSource {
        @Override
        public String name() {
            return "memory";
        }

        @Override
        public Position now(Deadline deadline) {
            called("watch");
            synchronized (MemoryEngine.this) {
                return position(log.size());
            }
        }

        @Override
        public ChangeReader open(Position from) {
            return new Reader(index(from));
        }

        @Override
        public boolean covers(Position reached, Position position) {
            return index(reached) >= index(position);
        }
    }

    private final class Reader implements ChangeReader {
        private int at;
        private boolean ended;

        Reader(int at) {
            this.at = at;
        }

        @Override
        public Outcome next(Map<String, Content> interest, Duration wait) {
            long until = System.nanoTime() + wait.toNanos();
            synchronized (MemoryEngine.this) {
                try {
                    for (long left = wait.toMillis();
                            !ended && !closed && (held || (left > 0 && at == log.size() && at >= trimmed));
                            left = (until - System.nanoTime()) / 1_000_000) {
                        MemoryEngine.this.wait(Math.max(1, left));
                    }
                } catch (InterruptedException e) {
                    throw CoreException.interrupted("waiting for changes", e);
                }
                called("read");
                if (ended) {
                    throw CoreException.failedPrecondition("the reader is closed");
                }
                if (at < trimmed) {
                    return new Lost(new Resync(Resync.Reason.HISTORY_TRIMMED, "forgotten"));
                }
                List<CollectionChange> changes = new ArrayList<>();
                for (CollectionChange entry : log.subList(at, log.size())) {
                    Content content = interest.get(entry.collection());
                    if (content != null) {
                        changes.add(content == Content.KEYS ? entry : latest(entry));
                    }
                }
                at = log.size();
                return new Batch(changes, position(at), false);
            }
        }

        private CollectionChange latest(CollectionChange entry) {
            Change change = entry.change();
            StoredDocument stored = collections.get(entry.collection()).get(change.key());
            Document document = stored == null || change.operation() == Operation.DELETE ? null : stored.document();
            return new CollectionChange(
                    entry.collection(),
                    new Change(
                            change.key(),
                            change.operation(),
                            document,
                            change.version(),
                            change.time(),
                            change.source(),
                            change.position()));
        }

        @Override
        public void close() {
            synchronized (MemoryEngine.this) {
                ended = true;
                MemoryEngine.this.notifyAll();
            }
        }
    }
}
