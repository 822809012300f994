package org.corestack.sqlite;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;

/**
 * A place in the log of a file.
 *
 * <p>The nonce is a random number of the row: a copy of the file that went on differently has other rows at
 * the same numbers, which is seen by it.
 *
 * @param file the random identifier of the file
 * @param seq the number of the last row before the place, 0 before the first
 * @param nonce that row's nonce
 */
record SqlitePosition(String file, long seq, long nonce) {
    private static final Pattern TEXT = Pattern.compile("sqlite1:([0-9a-f]{32}):([0-9]{1,18}):([0-9a-f]{1,16})");

    /** The place that a position's text says; null if it says none of this engine. */
    static @Nullable SqlitePosition parse(Position position) {
        Matcher matcher = TEXT.matcher(position.text());
        if (!matcher.matches()) {
            return null;
        }
        return new SqlitePosition(
                matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseUnsignedLong(matcher.group(3), 16));
    }

    Position toPosition() {
        return new Position("sqlite1:" + file + ":" + seq + ":" + Long.toHexString(nonce));
    }
}
