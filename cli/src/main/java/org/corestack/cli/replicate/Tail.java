package org.corestack.cli.replicate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.document.Change;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a collection, as they wait to be written into its copy: their keys alone, and not many of them. The feed
 * is held up while they are too many. One thread takes.
 */
final class Tail implements AutoCloseable {
    private static final int MOST = 10_000;

    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(MOST);
    private final AtomicReference<@Nullable Resync> lost = new AtomicReference<>();
    private final AtomicReference<@Nullable CoreException> failure = new AtomicReference<>();
    private final Watch watch;

    /**
     * What the feed has told.
     *
     * @param key what was changed; null if nothing was
     * @param position the place behind it
     */
    record Step(@Nullable Key key, Position position) {}

    /**
     * Begins to watch.
     *
     * @param arrivals gets a permit whenever something came
     */
    Tail(StoreCollection collection, Position from, Semaphore arrivals) {
        WatchOptions options = WatchOptions.ofDefaults()
                .withFrom(from)
                .withKeysOnly()
                .withPoison(Integer.MAX_VALUE, WatchOptions.Poison.STOP);
        watch = collection.watch(options, new WatchListener() {
            @Override
            public void onChange(Change change) throws InterruptedException {
                add(new Step(change.key(), change.position()));
            }

            @Override
            public void onBookmark(Position position) throws InterruptedException {
                add(new Step(null, position));
            }

            private void add(Step step) throws InterruptedException {
                failure.set(null);
                steps.put(step);
                arrivals.release();
            }

            @Override
            public void onResync(Resync resync) {
                lost.set(resync);
                arrivals.release();
            }

            @Override
            public void onFailure(CoreException error) {
                failure.set(error);
                arrivals.release();
            }
        });
    }

    /** What has come, at most as many as a batch has; without waiting. */
    List<Step> take() {
        List<Step> taken = new ArrayList<>();
        steps.drainTo(taken, Batches.MOST);
        return taken;
    }

    /** Why the feed can't go on, once all that came before has been taken; null if it can. */
    @Nullable
    Resync lost() {
        Resync why = lost.get();
        return why != null && steps.isEmpty() ? why : null;
    }

    /** What the feed fails with at present; it is being retried. */
    @Nullable
    CoreException failure() {
        return failure.get();
    }

    @Override
    public void close() {
        watch.close();
    }
}
