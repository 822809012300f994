package org.corestack.reconcile;

/** A running subscription of a {@link KeySource}. */
@FunctionalInterface
public interface KeySubscription extends AutoCloseable {

    /**
     * Ends the subscription. Idempotent. Calls to the sink that are under way may still arrive: they are ignored.
     */
    @Override
    void close();
}
