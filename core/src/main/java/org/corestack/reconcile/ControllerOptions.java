package org.corestack.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a controller was built with, checked.
 *
 * @param resync how often the sources are listed without need; null for never
 */
record ControllerOptions<K>(
        String name,
        List<KeySource<K>> sources,
        int workers,
        Backoff retry,
        Duration drainTimeout,
        @Nullable Duration resync,
        ControllerListener<K> listener,
        RandomGenerator random) {

    ControllerOptions {
        sources = List.copyOf(sources);
    }
}
