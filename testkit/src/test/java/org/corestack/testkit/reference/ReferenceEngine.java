package org.corestack.testkit.reference;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.WriteResult;

/** One client's view of a database. */
final class ReferenceEngine implements Engine, ReferenceView {
    private final ReferenceDatabase database;
    private final String source;
    private final Map<String, ReferenceStore> stores = new ConcurrentHashMap<>();
    private volatile boolean closed;

    ReferenceEngine(ReferenceDatabase database, String source) {
        this.database = database;
        this.source = source;
    }

    ReferenceDatabase database() {
        return database;
    }

    String source() {
        return source;
    }

    @Override
    public void begin(String what, Deadline deadline) {
        if (closed) {
            throw CoreException.failedPrecondition("the client is closed");
        }
        deadline.check(what);
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.EXACT_SNAPSHOT, Capability.EXACT_IMAGES, Capability.TRANSACTIONS);
    }

    @Override
    public EngineStore store(String name) {
        return stores.computeIfAbsent(name, given -> new ReferenceStore(this, given));
    }

    @Override
    public Set<String> stores(Deadline deadline) {
        begin("listing the stores", deadline);
        return database.names("").stream()
                .map(name -> name.substring(0, name.indexOf('.')))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public WriteResult write(String collection, Write write) {
        database.faults().beforeWrite();
        return database.write(collection, write, source);
    }

    @Override
    public Optional<StoredDocument> find(String collection, Key key) {
        return database.find(collection, key);
    }

    @Override
    public List<StoredDocument> all(String collection) {
        return database.all(collection);
    }

    @Override
    public void checkHealth(Deadline deadline) {
        begin("the health check", deadline);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(database) ? Optional.of(type.cast(database)) : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        database.wake();
    }
}
