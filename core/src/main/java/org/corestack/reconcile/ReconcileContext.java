package org.corestack.reconcile;

/**
 * What a {@link Reconciler} is told about the run that it is in, and where the tables that it writes through report
 * their writes.
 *
 * <p>Valid until the reconcile returns. May be used by other threads that the reconcile waits for. A test of a reconciler
 * may implement it.
 */
public interface ReconcileContext {

    /**
     * Which try this is: 1 for the first, one more for each failure since the key last went well or was changed by
     * another.
     *
     * @return 1 or more
     */
    int attempt();

    /**
     * Whether the controller is closing, so that a long run should come to its end. Runs that don't are interrupted when
     * the time to drain is over.
     *
     * @return true if so
     */
    boolean isCancelled();

    /**
     * The stamp of the newest change of the key that a source had reported when this run began: whoever reads for this
     * run must not see less. What a stamp means is between a source and its reader; the controller only passes it on.
     *
     * @return the stamp, 0 if none is known
     */
    long observed();

    /**
     * Says that this run wrote something whose change will be reported with a stamp, so that the change is known for the
     * key's own when it comes back. An integration calls it, such as a table's view for a context, right after the write
     * and before the reconcile returns; it does not matter whether the change was reported before.
     *
     * <p>A key's own change is no news to it. It runs the key once more if the run went well, but it does not bring a
     * delay forward, does not end a run of failures and does not free a parked key. The latest 256 stamps of a key are
     * remembered while the key has a delay, fails or is parked.
     *
     * @param stamp the stamp, as {@link KeySink#changed} will have it; 0 is ignored
     */
    void wrote(long stamp);
}
