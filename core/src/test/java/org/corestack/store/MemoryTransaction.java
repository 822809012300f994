package org.corestack.store;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineTransaction;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** A transaction of a {@link MemoryEngine}: on a copy of the whole, which takes its place if nobody was faster. */
final class MemoryTransaction implements EngineTransaction {
    private final MemoryEngine engine;
    private final boolean own;
    private final MemoryState base;
    private final MemoryState state;
    private final List<CollectionChange> changes = new ArrayList<>();
    private @Nullable RuntimeException lost;
    private boolean ended;

    /** One of the engine's, or one of the caller's own that is only joined. */
    MemoryTransaction(MemoryEngine engine, boolean own) {
        this.engine = engine;
        this.own = own;
        synchronized (engine) {
            this.base = engine.state();
            this.state = base.copy();
        }
    }

    MemoryState state() {
        if (ended) {
            throw CoreException.failedPrecondition("the transaction is over");
        }
        return state;
    }

    WriteResult write(String name, Write write) {
        engine.called("write in a transaction");
        return engine.write(state(), changes, changes.size(), name, write);
    }

    /** A use of it that does not end it. */
    EngineTransaction join() {
        state();
        return new EngineTransaction() {
            private boolean left;

            @Override
            public EngineCollection collection(String name) {
                if (left) {
                    throw CoreException.failedPrecondition("the transaction is over");
                }
                return MemoryTransaction.this.collection(name);
            }

            @Override
            public void commit(Deadline deadline) {
                left = true;
            }

            @Override
            public boolean canRetry(RuntimeException failure) {
                return false;
            }

            @Override
            public void close() {
                left = true;
            }
        };
    }

    @Override
    public EngineCollection collection(String name) {
        return new MemoryCollection(engine, name, this);
    }

    @Override
    public void commit(Deadline deadline) {
        end();
    }

    void end() {
        state();
        ended = true;
        try {
            engine.commit(base, state, changes);
        } catch (RuntimeException e) {
            lost = e;
            throw e;
        }
    }

    @Override
    public boolean canRetry(RuntimeException failure) {
        return failure.equals(lost) || engine.retriesAnything();
    }

    @Override
    public void close() {
        if (!ended && !own) {
            engine.called("rollback");
        }
        ended = true;
    }
}
