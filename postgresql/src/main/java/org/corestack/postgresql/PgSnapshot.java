package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
    private static final Pattern SHORT = Pattern.compile("[0-9a-z,+]+");

    private static final int MOST_BETWEEN = 100;
    /** More than a server has connections; a text of more is none of ours. */
    private static final int MOST_RUNNING = 1 << 19;

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

    /**
     * A short text: differences to the number before, to the base 36, and behind a plus how often one comes again. Where
     * it would have more characters than allowed, those that began last are left out, and what came behind them.
     */
    String toShort(int mostCharacters) {
        int kept = running.length;
        String text = toShort(xmax, kept);
        while (text.length() > mostCharacters) {
            kept = kept * 3 / 4;
            text = toShort(running[kept], kept);
        }
        return text;
    }

    private String toShort(long cut, int kept) {
        StringBuilder text = new StringBuilder(Long.toString(cut, 36));
        long before = cut;
        for (int i = kept - 1; i >= 0; ) {
            long difference = before - running[i];
            int again = 0;
            while (i - again - 1 >= 0 && running[i - again] - running[i - again - 1] == difference) {
                again++;
            }
            text.append(',').append(Long.toString(difference, 36));
            if (again > 0) {
                text.append('+').append(Integer.toString(again, 36));
            }
            i -= again + 1;
            before = running[i + 1];
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
            long before = xmax;
            List<Long> descending = new ArrayList<>();
            for (String part : Arrays.asList(parts).subList(1, parts.length)) {
                int plus = part.indexOf('+');
                long difference = Long.parseLong(plus < 0 ? part : part.substring(0, plus), 36);
                long times = plus < 0 ? 1 : 1 + Long.parseLong(part.substring(plus + 1), 36);
                if (descending.size() + times > MOST_RUNNING) {
                    return null;
                }
                for (long i = 0; i < times; i++) {
                    before -= difference;
                    descending.add(before);
                }
            }
            Collections.reverse(descending);
            PgSnapshot snapshot = new PgSnapshot(
                    xmax, descending.stream().mapToLong(one -> one).toArray());
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
