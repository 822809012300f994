package org.corestack.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * What the queue knows of one key that it has something to do or to remember about. A node is in one phase at a time; the
 * rare parts stand apart, so that a million waiting keys are small.
 */
final class Node<K> {

    /** Where a key is. Each but IDLE is a place that {@link KeyQueue} keeps; an idle node is no longer in the queue. */
    enum Phase {
        IDLE,
        WAITING,
        RUNNING,
        DELAYED,
        PARKED
    }

    /** What came while the key was worked on. */
    static final class Meanwhile {
        /** Something that the run may not have seen, and that is not its own. */
        boolean news;
        /** A change that this key's own runs wrote. */
        boolean own;
        /** Changes that may turn out to be this run's own, as a feed can be faster than the answer to the write. */
        final Stamps unsure = new Stamps();
        /** Whether somebody asked for a run no later than {@link #deadline}. */
        boolean asked;

        long deadline;
    }

    /** What is remembered from one run to the next. */
    static final class Past {
        /** Failures in a row: the budget before parking. */
        int failures;
        /** Delays in a row that grew: failures and requeues. */
        int backoffs;
        /** Whether the last run failed; then nothing runs the key before {@link #floor}. */
        boolean floored;

        long floor;
        final Stamps own = new Stamps();

        @Nullable
        Throwable error;

        @Nullable
        String parkedFor;

        long parkedAt;
    }

    final K key;
    Phase phase = Phase.IDLE;
    /** When a delayed key is due, and where it stands in the heap of deadlines; -1 if it has none. */
    long deadline;

    int heapIndex = -1;
    /** The stamp of the newest change, 0 if not known. */
    long stamp;

    @Nullable
    Meanwhile meanwhile;

    @Nullable
    Past past;

    Node(K key) {
        this.key = key;
    }

    Meanwhile meanwhile() {
        if (meanwhile == null) {
            meanwhile = new Meanwhile();
        }
        return meanwhile;
    }

    Past past() {
        if (past == null) {
            past = new Past();
        }
        return past;
    }

    int failures() {
        return past == null ? 0 : past.failures;
    }

    boolean isOwn(long newStamp) {
        return newStamp != 0 && past != null && past.own.contains(newStamp);
    }
}
