package org.corestack.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.EngineTransaction;
import org.corestack.store.spi.WriteResult;

/**
 * A whole engine in a map, with one feed, for tests of what stands above engines: it can forget its history, fail at
 * command and let transactions lose. Reached by {@code client.unwrap(MemoryEngine.class)}.
 */
public final class MemoryEngine implements Engine {
    private final List<CollectionChange> log = new ArrayList<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final List<String> calls = new ArrayList<>();
    private final MemoryFeed feed = new MemoryFeed(this);
    private final EngineConfig config;
    private MemoryState state = new MemoryState();
    private Set<Capability> capabilities = Set.of(Capability.EXACT_SNAPSHOT, Capability.TRANSACTIONS);
    private int trimmed;
    private int trims;
    private int losses;
    private boolean closed;
    private boolean held;
    private boolean retriesAnything;

    private MemoryEngine(EngineConfig config) {
        this.config = config;
    }

    /** Opens {@code memory:}, each time a new and empty one; and what {@link Handle} says. */
    public static final class Provider implements EngineProvider {
        @Override
        public Set<String> schemes() {
            return Set.of("memory");
        }

        @Override
        public Engine open(EngineConfig config) {
            return new MemoryEngine(config);
        }

        @Override
        public Optional<Engine> adopt(Object handle, EngineConfig config) {
            return handle instanceof Handle ? Optional.of(new MemoryEngine(config)) : Optional.empty();
        }

        @Override
        public String uri(EngineAddress address) {
            return "memory:" + address.hosts() + address.user() + ":" + address.password() + "/" + address.database()
                    + "?" + address.parameters() + "&tls=" + address.tls();
        }
    }

    /** A driver object of the user's. */
    public record Handle() {}

    /** A transaction of the user's own, which {@link Store#inTransaction(Object, java.util.function.Function)} joins. */
    public final class Session {
        private final MemoryTransaction transaction = new MemoryTransaction(MemoryEngine.this, true);

        /** Makes it take effect. */
        public void commit() {
            transaction.end();
        }
    }

    /** Begins a transaction of the user's own. */
    public Session session() {
        return new Session();
    }

    /** What it was opened with. */
    public EngineConfig config() {
        return config;
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

    /** Lets the next transactions lose against others when they commit. */
    public synchronized void loseCommits(int number) {
        losses = number;
    }

    /** Takes every failure of a transaction for one that can succeed when it is done again, as careless engines do. */
    public synchronized void retryAnything() {
        retriesAnything = true;
    }

    synchronized boolean retriesAnything() {
        return retriesAnything;
    }

    /** Says from now on that it can do this. */
    public synchronized void claim(Set<Capability> only) {
        capabilities = Set.copyOf(only);
    }

    /** What was asked for, in order: snapshot, watch (a position from which one begins), write. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized void called(String what) {
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
    public synchronized Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public EngineStore store(String store) {
        return new EngineStore() {
            @Override
            public Set<String> collections(Deadline deadline) {
                synchronized (MemoryEngine.this) {
                    return state.names();
                }
            }

            @Override
            public EngineCollection collection(String name) {
                return new MemoryCollection(MemoryEngine.this, name, null);
            }

            @Override
            public EngineTransaction begin(Deadline deadline) {
                called("begin");
                return new MemoryTransaction(MemoryEngine.this, false);
            }

            @Override
            public Optional<EngineTransaction> join(Object handle) {
                return handle instanceof Session session ? Optional.of(session.transaction.join()) : Optional.empty();
            }
        };
    }

    @Override
    public Set<String> stores(Deadline deadline) {
        called("stores");
        return Set.of();
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

    // For the collections, transactions and feed; all under this object's lock.

    MemoryState state() {
        return state;
    }

    MemoryFeed feed() {
        return feed;
    }

    List<CollectionChange> log() {
        return log;
    }

    int trimmed() {
        return trimmed;
    }

    boolean waits() {
        return held && !closed;
    }

    boolean isClosed() {
        return closed;
    }

    /** Does a write by itself. */
    synchronized WriteResult write(String name, Write write) {
        called("write");
        WriteResult result = write(state, log, 0, name, write);
        notifyAll();
        return result;
    }

    /** Does a write to some state, whose changes are to follow the log's with {@code ahead} others between. */
    synchronized WriteResult write(
            MemoryState to, List<CollectionChange> changes, int ahead, String name, Write write) {
        StoredDocument old = to.find(name, write.key());
        WriteResult.Status refused = WriteResult.refusal(write, old);
        if (refused != null) {
            return WriteResult.refused(refused);
        }
        Document after = write.after(old == null ? null : old.document(), Instant.now());
        StoredDocument stored = to.put(name, write.key(), after);
        Operation operation = after == null ? Operation.DELETE : old == null ? Operation.INSERT : Operation.UPDATE;
        Position position = position(log.size() + ahead + 1);
        changes.add(new CollectionChange(
                name,
                new Change(write.key(), operation, null, to.version(), Instant.now(), config.source(), position)));
        boolean returning = write instanceof Write.Apply apply && apply.returning();
        return WriteResult.applied(new Written(to.version(), position), returning ? stored : null);
    }

    /** Puts a transaction's state in place; CONFLICT if another was faster. */
    synchronized void commit(MemoryState base, MemoryState after, List<CollectionChange> changes) {
        called("commit");
        if (losses > 0 || base != state || base.version() != after.base()) {
            losses = Math.max(0, losses - 1);
            throw new CoreException(ErrorCode.CONFLICT, "another transaction was faster");
        }
        state = after;
        log.addAll(changes);
        notifyAll();
    }

    Position position(int index) {
        return new Position(trims + ":" + index);
    }
}
