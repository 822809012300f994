package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots at which the readers of one feed stop, each of which contains the one before. Thread-safe.
 *
 * <p>Between two snapshots rows come by number, whatever the order of their commits. So two readers agree about what
 * came before what only where they stop at the same snapshots: else a watcher that goes over from one reader to another
 * would hear a change twice, or at a place that does not contain what it heard before.
 */
final class Milestones {
    private static final int KEPT = 1_024;

    private final List<PgSnapshot> chain = new ArrayList<>(); // guarded by this
    private String history = ""; // guarded by this

    /** Where a reader that is at a snapshot stops next; null if nobody was further yet. */
    synchronized @Nullable PgSnapshot after(String ofHistory, PgSnapshot snapshot) {
        if (!history.equals(ofHistory) || chain.isEmpty()) {
            return null;
        }
        if (!snapshot.includes(chain.get(0)) && chain.get(0).includes(snapshot)) {
            return chain.get(chain.size() - 1); // from long ago: nobody else is there
        }
        int low = 0;
        int high = chain.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (isBehind(chain.get(middle), snapshot)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == chain.size() ? null : chain.get(low);
    }

    private static boolean isBehind(PgSnapshot later, PgSnapshot earlier) {
        return later.includes(earlier) && !earlier.includes(later);
    }

    /** Whether a reader may stop there. */
    synchronized boolean contains(String ofHistory, PgSnapshot snapshot) {
        return history.equals(ofHistory) && chain.contains(snapshot);
    }

    /** Makes a snapshot the last milestone, unless one is there already that contains it; gives the last one. */
    synchronized PgSnapshot add(String ofHistory, PgSnapshot snapshot) {
        if (!history.equals(ofHistory)) {
            history = ofHistory;
            chain.clear();
        }
        PgSnapshot last = chain.isEmpty() ? null : chain.get(chain.size() - 1);
        if (last != null && !isBehind(snapshot, last)) {
            return last;
        }
        if (chain.size() == KEPT) {
            chain.subList(0, KEPT / 2).clear();
        }
        chain.add(snapshot);
        return snapshot;
    }
}
