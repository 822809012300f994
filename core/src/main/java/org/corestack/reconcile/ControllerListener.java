package org.corestack.reconcile;

import java.time.Duration;
import java.util.List;

/**
 * Hears what goes wrong in a controller's background. All of it is logged too, and all of it is retried or kept: a
 * listener is for meters, alarms and tests.
 *
 * <p>Called from the controller's threads, several at once, and never under a lock. A call should return soon, as it
 * holds up a worker. What it throws is logged and goes no further.
 *
 * @param <K> the type of the keys
 */
public interface ControllerListener<K> {

    /**
     * A reconcile failed, and the key will be retried.
     *
     * @param key the key
     * @param attempt which try in a row failed, from 1
     * @param error what it threw, or what says that it returned null or was interrupted
     * @param retryIn the time until it is retried
     */
    default void onFailed(K key, int attempt, Throwable error, Duration retryIn) {}

    /**
     * A key was parked: nothing happens to it until another changes it or {@link Controller#resume} is called.
     *
     * @param parked the key, why, and its last error
     */
    default void onParked(ParkedKey<K> parked) {}

    /**
     * A source could not subscribe or list, or its subscription broke. It is tried again.
     *
     * @param source the source
     * @param error what happened
     * @param retryIn the time until it is tried again
     */
    default void onSourceFailed(KeySource<K> source, Throwable error, Duration retryIn) {}

    /**
     * The controller was closed, and these keys are still being worked on, although they were given the time to drain
     * and interrupted then. Their threads live on until they return.
     *
     * @param keys at least one
     */
    default void onLeftAtClose(List<K> keys) {}
}
