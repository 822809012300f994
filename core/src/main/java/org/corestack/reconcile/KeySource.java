package org.corestack.reconcile;

/**
 * Where a controller's keys come from: something that can list the keys that exist and tell of each that changes.
 *
 * <p>A controller subscribes first and lists then, so that no change falls between. It calls a source's methods from one
 * thread at a time, and again after a failure: {@link #subscribe} after the subscription before was closed,
 * {@link #keys} after each gap. One source may serve several controllers. Its {@code toString} names it in messages.
 *
 * @param <K> the type of the keys; values, with {@code equals} and {@code hashCode}
 */
public interface KeySource<K> {

    /**
     * Lists the keys that exist. May block, and is interrupted when the controller gives up waiting for it at its end.
     * Keys that the list has no more need not be in it: a key whose entry was deleted comes by a change or is known to
     * the controller.
     *
     * @return the keys, in any order, each at least once; closed by the caller
     * @throws Exception if it can't; the controller reports it and tries again with back-off
     */
    Keys<K> keys() throws Exception;

    /**
     * Begins to report changes. Once it has returned every later change is reported, until the subscription is closed or
     * has said that it failed. May call the sink before it returns.
     *
     * @param sink told of each change, from any thread
     * @return what ends it
     * @throws Exception if it can't; the controller reports it and tries again with back-off
     */
    KeySubscription subscribe(KeySink<K> sink) throws Exception;
}
