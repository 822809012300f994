package org.corestack.reconcile;

/**
 * Where a {@link KeySource} reports what happens to its keys. A controller gives it.
 *
 * <p>Thread-safe. Its methods never block, beyond the moment that a lock is held, and never throw: a feed never waits for
 * a controller. After the subscription's end they do nothing.
 *
 * @param <K> the type of the keys
 */
public interface KeySink<K> {

    /**
     * Says that something happened to a key: created, changed, or deleted.
     *
     * <p>The stamp tells a key's own writes from those of others, see {@link ReconcileContext#wrote}. So it must name one
     * change among all that are reported for the key: equal stamps mean the same change, told again. A source that folds
     * several changes into one passes 0, as one of them may be another's; so does one that has no stamps.
     *
     * @param key the key
     * @param stamp names the change, for example its version; 0 if not known
     */
    void changed(K key, long stamp);

    /**
     * Says that changes may have been missed: the keys are to be listed anew. Calls that come before that list begins
     * are answered by one list.
     */
    void relist();

    /**
     * Says that the subscription has come to an end by a failure, and that nothing more will come from it. The controller
     * reports it, closes the subscription, subscribes anew after a back-off, and lists.
     *
     * @param error what happened
     */
    void failed(Throwable error);
}
