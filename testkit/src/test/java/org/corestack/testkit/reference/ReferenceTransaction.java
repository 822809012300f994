package org.corestack.testkit.reference;

import java.util.List;
import java.util.Optional;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineTransaction;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** A store within a transaction: one that it ends itself, or one of the caller's own. */
final class ReferenceTransaction implements EngineTransaction, ReferenceView {
    private final ReferenceEngine engine;
    private final ReferenceStore store;
    private final ReferenceWork work;
    private final boolean own;
    private @Nullable RuntimeException lost;
    private boolean ended;

    ReferenceTransaction(ReferenceEngine engine, ReferenceStore store, ReferenceWork work, boolean own) {
        this.engine = engine;
        this.store = store;
        this.work = work;
        this.own = own;
    }

    @Override
    public EngineCollection collection(String name) {
        return new ReferenceCollection(this, store, store.path(name));
    }

    @Override
    public void commit(Deadline deadline) {
        begin("the commit", deadline);
        ended = true;
        if (!own) {
            return;
        }
        try {
            engine.database().commit(work);
        } catch (CoreException e) {
            lost = e;
            throw e;
        }
    }

    @Override
    public boolean canRetry(RuntimeException failure) {
        return failure.equals(lost);
    }

    @Override
    public void close() {
        ended = true;
    }

    @Override
    public void begin(String what, Deadline deadline) {
        if (ended) {
            throw CoreException.failedPrecondition(what + " can't be done: the transaction has ended");
        }
        engine.begin(what, deadline);
    }

    @Override
    public WriteResult write(String collection, Write write) {
        engine.database().faults().beforeWrite();
        return work.write(collection, write, engine.source());
    }

    @Override
    public Optional<StoredDocument> find(String collection, Key key) {
        return work.find(collection, key);
    }

    @Override
    public List<StoredDocument> all(String collection) {
        return work.all(collection);
    }
}
