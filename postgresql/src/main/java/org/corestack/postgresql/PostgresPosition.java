package org.corestack.postgresql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;

/**
 * A place in the log of a store.
 *
 * <p>Transactions commit in another order than their rows are numbered, so a place is not a number: it is what a
 * snapshot saw. Between two snapshots the rows come by number, and a place there is both and the number of the last.
 *
 * @param history which cluster, which timeline of it, which database
 * @param store the random identifier of the store's log, {@code -} where there was none yet
 * @param last all that it saw is before the place
 * @param current where given, what it saw and {@code last} did not is before the place up to the number {@code seq}
 * @param seq a row's number, 0 where there is no {@code current} and no {@code xid}
 * @param xid where the place is that of one row, the row's transaction; else 0
 */
record PostgresPosition(
        String history,
        String store,
        PgSnapshot last,
        @Nullable PgSnapshot current,
        long seq,
        long xid) {
    /** Of a store that has no log yet, and of the writes of a transaction that began before it had one. */
    static final String NO_STORE = "-";

    private static final Pattern TEXT = Pattern.compile("pg1:([0-9]{1,20}-[0-9A-F]{8}-[0-9]{1,10}):([0-9a-f]{32}|-)"
            + ":([0-9a-z,+]+)(?::([0-9a-z,+]+|-):([0-9a-z]{1,12}):([0-9a-z]{1,13}))?\\.");
    /** Of each of the two snapshots; a position has at most 4,096. */
    private static final int MOST_CHARACTERS = 1_900;

    static PostgresPosition at(String history, String store, PgSnapshot snapshot) {
        return new PostgresPosition(history, store, snapshot, null, 0, 0);
    }

    /** The place right behind a write, whose statement saw what the snapshot says and of course itself. */
    static PostgresPosition ofWrite(String history, String store, PgSnapshot snapshot, long xid, long seq) {
        PgSnapshot lasting = snapshot.before(xid + 1);
        return new PostgresPosition(history, store, lasting, lasting.with(xid), seq, xid);
    }

    /** The place that a position's text says; null if it says none of this engine. */
    static @Nullable PostgresPosition parse(Position position) {
        Matcher matcher = TEXT.matcher(position.text());
        if (!matcher.matches()) {
            return null;
        }
        PgSnapshot last = PgSnapshot.parseShort(matcher.group(3));
        if (last == null || matcher.group(4) == null) {
            return last == null ? null : at(matcher.group(1), matcher.group(2), last);
        }
        boolean none = matcher.group(4).equals("-");
        PgSnapshot current = none ? null : PgSnapshot.parseShort(matcher.group(4));
        if (current == null && !none) {
            return null;
        }
        long seq = number(matcher.group(5));
        long xid = number(matcher.group(6));
        return seq < 0 || xid < 0
                ? null
                : new PostgresPosition(matcher.group(1), matcher.group(2), last, current, seq, xid);
    }

    /** A number that is not negative; -1 where it is beyond 63 bits. */
    private static long number(String text) {
        try {
            return Long.parseLong(text, 36);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    Position toPosition() {
        StringBuilder text =
                new StringBuilder("pg1:").append(history).append(':').append(store);
        text.append(':').append(last.toShort(MOST_CHARACTERS));
        if (current != null || xid != 0) {
            text.append(':').append(current == null ? "-" : current.toShort(MOST_CHARACTERS));
            text.append(':').append(Long.toString(seq, 36));
            text.append(':').append(Long.toString(xid, 36));
        }
        return new Position(text.append('.').toString());
    }

    /** The place of a row of the window that this one is in. */
    PostgresPosition ofRow(long rowSeq, long rowXid) {
        return new PostgresPosition(history, store, last, current, rowSeq, rowXid);
    }

    /** Whether a row is before this place. */
    private boolean isBehind(long rowXid, long rowSeq) {
        return last.sees(rowXid) || (current != null && rowSeq <= seq && current.sees(rowXid));
    }

    /** Whether what is at the other place is before this one: a row, or all that is before the other place. */
    boolean covers(PostgresPosition other) {
        if (!history.equals(other.history) || !isSameStore(other)) {
            return false;
        }
        if (other.xid != 0) {
            return isBehind(other.xid, other.seq);
        }
        if (!last.includes(other.last)) {
            return false;
        }
        return other.current == null
                || last.includes(other.current)
                || (current != null && seq >= other.seq && current.includes(other.current));
    }

    /** Whether both can be of one store: of what has none yet nothing is known. */
    boolean isSameStore(PostgresPosition other) {
        return store.equals(other.store) || store.equals(NO_STORE) || other.store.equals(NO_STORE);
    }
}
