package org.corestack.reconcile;

import java.util.Arrays;

/**
 * The latest stamps of a kind, up to a bound, so that a run that writes much can't hold memory without end. Zero is no
 * stamp.
 */
final class Stamps {
    static final int BOUND = 256;

    private long[] ring = new long[4];
    private int next;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    boolean contains(long stamp) {
        return indexOf(stamp) >= 0;
    }

    /** Adds one. Says whether all are kept: false if the oldest was given up for it. */
    boolean add(long stamp) {
        if (contains(stamp)) {
            return true;
        }
        if (size == ring.length && size < BOUND) {
            // Only a ring that never wrapped grows, so the order by age is that of the array.
            ring = Arrays.copyOf(ring, Math.min(BOUND, 2 * size));
            next = size;
        }
        boolean kept = size < ring.length;
        ring[next] = stamp;
        next = (next + 1) % ring.length;
        size = kept ? size + 1 : size;
        return kept;
    }

    /** Takes one out, and says whether it was there. Only for stamps that have not wrapped. */
    boolean remove(long stamp) {
        int index = indexOf(stamp);
        if (index < 0) {
            return false;
        }
        size--;
        ring[index] = ring[size];
        next = size;
        return true;
    }

    private int indexOf(long stamp) {
        for (int i = 0; i < size; i++) {
            if (ring[i] == stamp) {
                return i;
            }
        }
        return -1;
    }
}
