package org.corestack.reconcile;

/**
 * The user's code of a controller: brings the world in line with one key.
 *
 * <p>It is told only the key, never what happened to it: it reads the present state and does what is missing, which may
 * be nothing. It is called again for the same key at any time, so doing it twice has to be harmless. It is never called
 * for one key by two threads at once; for different keys it is.
 *
 * @param <K> the type of the keys
 */
@FunctionalInterface
public interface Reconciler<K> {

    /**
     * Works on one key. May block. Every throwable, a null result and an interrupt (also one whose flag is merely set on
     * return) are failures: the key is retried with back-off.
     *
     * @param key the key
     * @param context what is known about this run
     * @return what is to happen with the key
     * @throws Exception on failure, any
     */
    Result reconcile(K key, ReconcileContext context) throws Exception;
}
