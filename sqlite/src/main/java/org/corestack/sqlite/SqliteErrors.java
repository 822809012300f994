package org.corestack.sqlite;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The one place where SQLite's errors become ours. */
final class SqliteErrors {
    /** A statement that makes no sense as things are. */
    static final int ERROR = 1;

    /** The index whose rule was broken, as SQLite names it. */
    private static final Pattern INDEX = Pattern.compile("index '[^':]*:([^']*)'");

    private static final int PRIMARY = 0xff;
    private static final int PERM = 3;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int NOMEM = 7;
    private static final int READONLY = 8;
    private static final int INTERRUPT = 9;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int PROTOCOL = 15;
    private static final int TOOBIG = 18;
    private static final int AUTH = 23;
    private static final int NOTADB = 26;

    private SqliteErrors() {}

    /**
     * The error in our terms.
     *
     * @param doing what was being done to which collection and key; its text is only asked for here
     */
    static CoreException translate(SQLException e, Object doing) {
        if (isUniqueness(e)) {
            return new CoreException(ErrorCode.ALREADY_EXISTS, doing + " failed: " + explainUniqueness(e), e);
        }
        if (is(e, SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT)) {
            return new CoreException(
                    ErrorCode.CONFLICT,
                    doing + " failed: another has written since the transaction began to read; do all of it anew,"
                            + " with BEGIN IMMEDIATE",
                    e);
        }
        ErrorCode code = code(e);
        return new CoreException(code, doing + " failed: " + explain(code, e), e);
    }

    /** Whether a unique index forbids it. */
    static boolean isUniqueness(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE);
    }

    private static boolean is(SQLException e, SQLiteErrorCode code) {
        return e instanceof SQLiteException sqlite && sqlite.getResultCode() == code;
    }

    private static String explainUniqueness(SQLException e) {
        Matcher index = INDEX.matcher(String.valueOf(e.getMessage()));
        return "the unique index " + (index.find() ? index.group(1) + " " : "")
                + "has another document with equal values";
    }

    /** Whether the statement was ended, or a lock not waited for any longer, because patience was over. */
    static boolean isImpatience(SQLException e) {
        int code = number(e);
        return code == BUSY || code == LOCKED || code == INTERRUPT;
    }

    /** Whether the connection should not be used again. */
    static boolean isFatal(SQLException e) {
        int code = number(e);
        return code == IOERR || code == CORRUPT || code == NOTADB || code == CANTOPEN || code == NOMEM;
    }

    /** Whether the file is none of SQLite's. */
    static boolean isNoDatabase(SQLException e) {
        return number(e) == NOTADB;
    }

    /** Whether the transaction may be over, or can't go on. */
    static boolean endsTransaction(SQLException e) {
        return isImpatience(e) || isFatal(e) || number(e) == FULL;
    }

    static int number(SQLException e) {
        int code = e instanceof SQLiteException sqlite ? sqlite.getResultCode().code : e.getErrorCode();
        return code & PRIMARY;
    }

    private static ErrorCode code(SQLException e) {
        return switch (number(e)) {
            case BUSY, LOCKED, INTERRUPT -> ErrorCode.DEADLINE_EXCEEDED;
            case PERM, READONLY, AUTH, CANTOPEN -> ErrorCode.FORBIDDEN;
            case IOERR, PROTOCOL -> ErrorCode.UNAVAILABLE;
            case CORRUPT, NOTADB -> ErrorCode.DATA_LOSS;
            case FULL, NOMEM -> ErrorCode.RESOURCE_EXHAUSTED;
            case TOOBIG -> ErrorCode.INVALID_ARGUMENT;
            default -> ErrorCode.UNKNOWN;
        };
    }

    private static String explain(ErrorCode code, SQLException e) {
        return switch (code) {
            case DEADLINE_EXCEEDED -> "it took too long, or another process holds the file's lock";
            case FORBIDDEN ->
                "the file can't be opened or written; its permissions, its folder's and the disk's"
                        + " (mounted read-only?) decide";
            case UNAVAILABLE -> "the disk can't be read or written: " + e;
            case DATA_LOSS -> "the file is damaged: " + e;
            case RESOURCE_EXHAUSTED -> number(e) == FULL ? "the disk is full" : "memory ran out";
            case INVALID_ARGUMENT -> "it is too large for SQLite";
            default -> e.toString();
        };
    }
}
