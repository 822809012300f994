package org.corestack.testkit.reference;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.corestack.document.Position;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineStore;
import org.corestack.store.spi.EngineTransaction;

/** A prefix of names, and one feed for all of the database. */
final class ReferenceStore implements EngineStore, ChangeSource {
    private final ReferenceEngine engine;
    private final String name;
    private final Map<String, ReferenceCollection> collections = new ConcurrentHashMap<>();

    ReferenceStore(ReferenceEngine engine, String name) {
        this.engine = engine;
        this.name = name;
    }

    @Override
    public Set<String> collections(Deadline deadline) {
        engine.begin("listing the collections of " + name, deadline);
        return engine.database().names(name + ".");
    }

    @Override
    public EngineCollection collection(String collection) {
        return collections.computeIfAbsent(collection, given -> new ReferenceCollection(engine, this, path(given)));
    }

    String path(String collection) {
        return name + "." + collection;
    }

    ReferenceDatabase database() {
        return engine.database();
    }

    @Override
    public EngineTransaction begin(Deadline deadline) {
        engine.begin("the transaction", deadline);
        return new ReferenceTransaction(engine, this, new ReferenceWork(engine.database()), true);
    }

    @Override
    public Optional<EngineTransaction> join(Object handle) {
        return handle instanceof ReferenceSession session
                ? Optional.of(new ReferenceTransaction(engine, this, session.work(), false))
                : Optional.empty();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Position now(Deadline deadline) {
        engine.begin("the position of " + name, deadline);
        return engine.database().currentPosition();
    }

    @Override
    public Position at(Instant time, Deadline deadline) {
        engine.begin("the position of " + name, deadline);
        return engine.database().positionAt(time);
    }

    @Override
    public ChangeReader open(Position from) {
        return new ReferenceReader(engine, name + ".", from);
    }

    @Override
    public boolean covers(Position reached, Position position) {
        ReferencePosition one = engine.database().place(reached);
        ReferencePosition other = engine.database().place(position);
        return one != null && other != null && one.history().equals(other.history()) && one.number() >= other.number();
    }
}
