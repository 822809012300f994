package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.corestack.document.Change.Operation;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A row of the log.
 *
 * @param seq its number, the version of what it tells of
 * @param xid the transaction that wrote it
 * @param collection where
 * @param key which document
 * @param operation what happened to it
 * @param time when, in milliseconds since 1970, by the clock of the server
 * @param source the client that did it
 */
record LogRow(
        long seq,
        long xid,
        String collection,
        Key key,
        Operation operation,
        long time,
        @Nullable String source) {
    /** The columns that {@link #read} takes, of a log called {@code l}. */
    static final String COLUMNS =
            "l.seq, l.xid::text, l.collection, l.key, l.op, (extract(epoch FROM l.at) * 1000)::bigint, l.source";

    /** The row whose columns begin at an index. */
    static LogRow read(ResultSet row, int first) throws SQLException {
        return new LogRow(
                row.getLong(first),
                Long.parseLong(row.getString(first + 1)),
                row.getString(first + 2),
                Key.fromBytes(row.getBytes(first + 3)),
                operation(row.getInt(first + 4)),
                row.getLong(first + 5),
                row.getString(first + 6));
    }

    /** The number that an operation is stored as. */
    static int code(Operation operation) {
        return switch (operation) {
            case INSERT -> 1;
            case UPDATE -> 2;
            case DELETE -> 3;
            default -> throw new IllegalArgumentException(operation + " is not in a log");
        };
    }

    private static Operation operation(int code) {
        return switch (code) {
            case 1 -> Operation.INSERT;
            case 2 -> Operation.UPDATE;
            case 3 -> Operation.DELETE;
            default ->
                throw new CoreException(
                        ErrorCode.DATA_LOSS, "the log holds an operation of the unknown number " + code);
        };
    }
}
