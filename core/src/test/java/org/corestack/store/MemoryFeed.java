package org.corestack.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;

/** The feed of a {@link MemoryEngine}. */
final class MemoryFeed implements ChangeSource {
    private final MemoryEngine engine;

    MemoryFeed(MemoryEngine engine) {
        this.engine = engine;
    }

    private static int index(Position position) {
        return Integer.parseInt(position.text().substring(position.text().indexOf(':') + 1));
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Position now(Deadline deadline) {
        engine.called("watch");
        synchronized (engine) {
            return engine.position(engine.log().size());
        }
    }

    @Override
    public Position at(Instant time, Deadline deadline) {
        synchronized (engine) {
            return engine.position(0);
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

    private final class Reader implements ChangeReader {
        private int at;
        private boolean ended;

        Reader(int at) {
            this.at = at;
        }

        @Override
        public Outcome next(Map<String, Content> interest, Duration wait) {
            long until = System.nanoTime() + wait.toNanos();
            synchronized (engine) {
                try {
                    for (long left = wait.toMillis();
                            !ended && (engine.waits() || (left > 0 && isIdle()));
                            left = (until - System.nanoTime()) / 1_000_000) {
                        engine.wait(Math.max(1, left));
                    }
                } catch (InterruptedException e) {
                    throw CoreException.interrupted("waiting for changes", e);
                }
                engine.called("read");
                if (ended) {
                    throw CoreException.failedPrecondition("the reader is closed");
                }
                if (at < engine.trimmed()) {
                    return new Lost(new Resync(Resync.Reason.HISTORY_TRIMMED, "forgotten"));
                }
                List<CollectionChange> changes = new ArrayList<>();
                for (CollectionChange entry :
                        engine.log().subList(at, engine.log().size())) {
                    Content content = interest.get(entry.collection());
                    if (content != null) {
                        changes.add(content == Content.KEYS ? entry : latest(entry));
                    }
                }
                at = engine.log().size();
                return new Batch(changes, engine.position(at), false);
            }
        }

        private boolean isIdle() {
            return !engine.isClosed() && at == engine.log().size() && at >= engine.trimmed();
        }

        private CollectionChange latest(CollectionChange entry) {
            Change change = entry.change();
            StoredDocument stored = engine.state().find(entry.collection(), change.key());
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
            synchronized (engine) {
                ended = true;
                engine.notifyAll();
            }
        }
    }
}
