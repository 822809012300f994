package org.corestack.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.corestack.document.Change;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.store.WatchListener;

/** A listener that keeps what it hears. Thread-safe. */
final class Heard implements WatchListener {
    final List<Change> changes = new CopyOnWriteArrayList<>();
    final List<Position> bookmarks = new CopyOnWriteArrayList<>();
    final List<Resync> resyncs = new CopyOnWriteArrayList<>();
    final List<CoreException> failures = new CopyOnWriteArrayList<>();
    final List<CoreException> stops = new CopyOnWriteArrayList<>();

    @Override
    public void onChange(Change change) {
        changes.add(change);
    }

    @Override
    public void onBookmark(Position position) {
        bookmarks.add(position);
    }

    @Override
    public void onResync(Resync resync) {
        resyncs.add(resync);
    }

    @Override
    public void onFailure(CoreException error) {
        failures.add(error);
    }

    @Override
    public void onStopped(CoreException reason) {
        stops.add(reason);
    }

    /** Each change as its operation and key, for short. */
    List<String> told() {
        return changes.stream()
                .map(change -> change.operation() + " " + change.key().value())
                .toList();
    }

    /** Waits for as many changes. */
    void awaitChanges(int count) {
        Await.until(count + " changes", ContractBase.PATIENCE, () -> changes.size() >= count);
    }
}
