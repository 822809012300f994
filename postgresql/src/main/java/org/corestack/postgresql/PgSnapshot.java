package org.corestack.postgresql;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions a statement saw: those below {@code xmin}, and those below {@code xmax} that are not in
 * {@code running}. Numbers of transactions have 64 bits and never come again. Immutable.
 *
 * <p>Snapshots of one primary that were taken one after the other contain each other: a transaction, once seen, is seen
 * by all that come later.
 */
final class PgSnapshot {
    private static final Pattern TEXT = Pattern.compile("[0-9]{1,19}:[0-9]{1,19}:[0-9,]*");
    private static final Pattern SHORT = Pattern.compile("[0-9a-z,]+");

    private static final int MOST_BETWEEN = 100;

    private final long xmax;
    private final long[] running; // ascending, all below xmax

    private PgSnapshot(long xmax, long[] running) {
        this.xmax = xmax;
        this.running = running;
    }

    /** The snapshot of PostgreSQL's own text. */
    static PgSnapshot parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a snapshot: " + text);
        }
        String[] parts = text.split(":", -1);
        long[] running = parts[2].isEmpty()
                ? new long[0]
                : Arrays.stream(parts[2].split(",", -1))
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new PgSnapshot(Long.parseLong(parts[1]), running);
    }

    /** What saw every transaction below a number, and no other. */
    static PgSnapshot below(long xid) {
        return new PgSnapshot(xid, new long[0]);
    }

    /** PostgreSQL's own text. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder().append(xmin()).append(':').append(xmax).append(':');
        for (int i = 0; i < running.length; i++) {
            text.append(i == 0 ? "" : ",").append(running[i]);
        }
        return text.toString();
    }

    /** The oldest that was not seen. */
    long xmin() {
        return running.length == 0 ? xmax : running[0];
    }

    /** The first that had not begun. */
    long xmax() {
        return xmax;
    }

    /** Whether a transaction was seen. */
    boolean sees(long xid) {
        return xid < xmax && Arrays.binarySearch(running, xid) < 0;
    }

    /** Whether every transaction that the other saw was seen. */
    boolean includes(PgSnapshot other) {
        for (long xid : running) {
            if (other.sees(xid)) {
                return false;
            }
        }
        // Ends soon: of the numbers up to the other's xmax it must have seen none.
        for (long xid = xmax; xid < other.xmax; xid++) {
            if (other.sees(xid)) {
                return false;
            }
        }
        return true;
    }

    /**
     * This snapshot and one more transaction, what began between the two being taken for running; null where that is
     * too much to name.
     */
    @Nullable
    PgSnapshot with(long xid) {
        if (xid < xmax) {
            return new PgSnapshot(
                    xmax, Arrays.stream(running).filter(one -> one != xid).toArray());
        }
        if (xid - xmax > MOST_BETWEEN) {
            return null;
        }
        long[] more = Arrays.copyOf(running, running.length + (int) (xid - xmax));
        for (int i = running.length; i < more.length; i++) {
            more[i] = xid - (more.length - i);
        }
        return new PgSnapshot(xid + 1, more);
    }

    /**
     * This snapshot without the transactions from a number on, as if they had not begun.
     *
     * <p>After a crash the server gives numbers again of which it had written nothing that lasts: those of transactions that
     * were rolled back, or were running. What is to be remembered must not have seen such a number, or what it stands for the
     * second time would never be heard of. A transaction that has committed lasts, and with it all numbers below its own.
     */
    PgSnapshot before(long bound) {
        return bound >= xmax
                ? this
                : new PgSnapshot(
                        bound, Arrays.stream(running).filter(one -> one < bound).toArray());
    }

    /** A short text: differences to the number before, to the base 36. At most so many running are kept in it. */
    String toShort(int most) {
        PgSnapshot cut = running.length <= most ? this : new PgSnapshot(running[most], Arrays.copyOf(running, most));
        StringBuilder text = new StringBuilder(Long.toString(cut.xmax, 36));
        long before = cut.xmax;
        for (int i = cut.running.length - 1; i >= 0; i--) {
            text.append(',').append(Long.toString(before - cut.running[i], 36));
            before = cut.running[i];
        }
        return text.toString();
    }

    /** The snapshot of a short text; null if it is none. One that was cut has seen less. */
    static @Nullable PgSnapshot parseShort(String text) {
        if (!SHORT.matcher(text).matches()) {
            return null;
        }
        try {
            String[] parts = text.split(",", -1);
            long xmax = Long.parseLong(parts[0], 36);
            long[] running = new long[parts.length - 1];
            long before = xmax;
            for (int i = 1; i < parts.length; i++) {
                before -= Long.parseLong(parts[i], 36);
                running[running.length - i] = before;
            }
            PgSnapshot snapshot = new PgSnapshot(xmax, running);
            return snapshot.isSound() ? snapshot : null;
        } catch (NumberFormatException e) {
            return null; // beyond 64 bits
        }
    }

    private boolean isSound() {
        long before = -1;
        for (long xid : running) {
            if (xid <= before || xid >= xmax) {
                return false;
            }
            before = xid;
        }
        return xmax >= 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PgSnapshot snapshot
                && xmax == snapshot.xmax
                && Arrays.equals(running, snapshot.running);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(xmax) * 31 + Arrays.hashCode(running);
    }
}
