package org.corestack.reconcile;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key that a controller has set aside, because its budget of tries was used up or its reconcile asked for it.
 *
 * @param key the key
 * @param failures how often in a row it failed before
 * @param reason why it is parked, for people
 * @param lastError what it failed with last; null if its reconcile asked for it without having failed before
 * @param since when it was parked, by this machine's clock as it is now
 * @param <K> the type of the keys
 */
public record ParkedKey<K>(
        K key, int failures, String reason, @Nullable Throwable lastError, Instant since) {
    /** Checks that nothing but the error is missing. */
    public ParkedKey {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
    }
}
