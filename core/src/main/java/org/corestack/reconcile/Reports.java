package org.corestack.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what goes wrong in the background, to the log and to the user's listener. Called under no lock. */
final class Reports<K> {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    private final String name;
    private final ControllerListener<K> listener;

    Reports(String name, ControllerListener<K> listener) {
        this.name = name;
        this.listener = listener;
    }

    void failed(K key, int attempt, Throwable error, Duration retryIn) {
        if (attempt == 1) {
            // The stack once per run of failures: the later ones mostly repeat it.
            LOG.warn("{}: {} failed, next try in {}", name, key, retryIn, error);
        } else {
            LOG.warn("{}: {} failed, attempt {}, next try in {}: {}", name, key, attempt, retryIn, error.toString());
        }
        tell(told -> told.onFailed(key, attempt, error, retryIn));
    }

    void parked(ParkedKey<K> parked) {
        LOG.warn("{}: {} is parked: {}", name, parked.key(), parked.reason(), parked.lastError());
        tell(told -> told.onParked(parked));
    }

    void sourceFailed(KeySource<K> source, Throwable error, Duration retryIn) {
        LOG.warn("{}: source {} failed, next try in {}", name, source, retryIn, error);
        tell(told -> told.onSourceFailed(source, error, retryIn));
    }

    void leftAtClose(List<Run<K>> left) {
        for (Run<K> run : left) {
            Throwable stack = new Throwable("the stack of " + run.thread().getName());
            stack.setStackTrace(run.thread().getStackTrace());
            LOG.warn("{}: closed, but {} is still being worked on", name, run.key(), stack);
        }
        List<K> keys = left.stream().map(Run::key).toList();
        tell(told -> told.onLeftAtClose(keys));
    }

    /** An error that no user code made: no thread to be had, or one inside the controller. */
    void internal(String what, Throwable error) {
        LOG.error("{}: {}", name, what, error);
    }

    private void tell(Consumer<ControllerListener<K>> call) {
        try {
            call.accept(listener);
        } catch (Throwable error) {
            LOG.error("{}: the listener {} failed", name, listener, error);
        }
    }
}
