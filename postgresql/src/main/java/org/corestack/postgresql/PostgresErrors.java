package org.corestack.postgresql;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The one place where PostgreSQL's errors, told apart by SQLSTATE, become ours. */
final class PostgresErrors {
    private static final String NO_TABLE = "42P01";
    private static final String NO_SCHEMA = "3F000";
    private static final String CANCELED = "57014";
    private static final Set<String> ENDINGS = Set.of("57P01", "57P02", "57P04", "57P05", "25P03", "25P04");

    /** Nothing listens or answers; it starts or ends; it has no connections left. */
    private static final Set<String> REFUSALS = Set.of("08001", "08004", "57P03", "53300");

    private static final String NOT_AUTHORIZED = "28";
    private static final String LIMIT = "54000";
    /** The server's own routines that find a row of an index too large; its message may be in any language. */
    private static final Set<String> INDEX_ROUTINES =
            Set.of("_bt_check_third_page", "index_form_tuple", "index_form_tuple_context");

    private static final Set<String> IDLE_ENDINGS = Set.of("57P05", "25P03");

    private PostgresErrors() {}

    /**
     * The error in our terms.
     *
     * @param doing what was being done to which collection and key; its text is only asked for here
     */
    static CoreException translate(SQLException e, Object doing) {
        SQLException cause = withoutValues(e);
        if (isUniqueness(e)) {
            String relation = constraint(e);
            return taken(doing, relation == null ? "" : relation.substring(relation.indexOf(':') + 1), cause);
        }
        return new CoreException(code(e), doing + " failed: " + explain(cause), cause);
    }

    /** That a unique index forbids it. */
    static CoreException taken(Object doing, String index, @Nullable Throwable cause) {
        return new CoreException(
                ErrorCode.ALREADY_EXISTS,
                doing + " failed: the unique index " + index + " has another document with equal values",
                cause);
    }

    /** The database's name of the unique index that an error of ours is about; null if it is about none. */
    static @Nullable String uniqueIndex(CoreException e) {
        return e.getCause() instanceof SQLException cause && isUniqueness(cause) ? constraint(cause) : null;
    }

    /** The error without its detail, which may be a whole row and stands in the message of a driver with its defaults. */
    static SQLException withoutValues(SQLException e) {
        ServerErrorMessage message = message(e);
        if (message == null || message.getDetail() == null) {
            return e;
        }
        PSQLException without = new PSQLException(message, false);
        without.setStackTrace(e.getStackTrace());
        return without;
    }

    /** Whether a unique index forbids it. */
    static boolean isUniqueness(SQLException e) {
        return "23505".equals(e.getSQLState());
    }

    /** Whether the values of a document do not fit into a row of an index. */
    static boolean isTooLargeForIndex(SQLException e) {
        ServerErrorMessage message = message(e);
        return LIMIT.equals(e.getSQLState())
                && message != null
                && INDEX_ROUTINES.contains(String.valueOf(message.getRoutine()));
    }

    private static @Nullable ServerErrorMessage message(SQLException e) {
        return e instanceof PSQLException native_ ? native_.getServerErrorMessage() : null;
    }

    private static @Nullable String constraint(SQLException e) {
        ServerErrorMessage message = message(e);
        return message == null ? null : message.getConstraint();
    }

    /** Whether an error of ours came of a table that is not there: a collection that is not there yet. */
    static boolean isMissingTable(Throwable e) {
        return e.getCause() instanceof SQLException cause && isMissing(cause);
    }

    /** Whether the table, or the schema it would be in, is not there. */
    static boolean isMissing(SQLException e) {
        return NO_TABLE.equals(e.getSQLState()) || NO_SCHEMA.equals(e.getSQLState());
    }

    /** Whether the statement was ended from outside: its time was up, or somebody cancelled it. */
    static boolean isCanceled(SQLException e) {
        return CANCELED.equals(e.getSQLState());
    }

    /** Whether it was rolled back in favour of another transaction, so that it can be done again. */
    static boolean isDefeat(CoreException e) {
        return e.code() == ErrorCode.CONFLICT && e.getCause() instanceof SQLException cause && isDefeat(cause);
    }

    private static boolean isDefeat(SQLException e) {
        return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    /** Whether the connection was lost, and not for the server's silence. */
    static boolean isLoss(CoreException e) {
        return e.code() == ErrorCode.UNAVAILABLE
                && e.getCause() instanceof SQLException cause
                && isConnectionLost(cause);
    }

    /** Whether no connection was to be had: nothing was done. */
    static boolean isRefusal(CoreException e) {
        return e.getCause() instanceof SQLException cause
                && (REFUSALS.contains(state(cause)) || state(cause).startsWith(NOT_AUTHORIZED));
    }

    /** Whether the server ended it while it had nothing to do, so that what was sent then was not done. */
    static boolean isEndOfIdleness(SQLException e) {
        return IDLE_ENDINGS.contains(state(e));
    }

    /** Whether the server was at work on it, and told to stop when its time was over. */
    static boolean isTimeUp(CoreException e) {
        return e.code() == ErrorCode.DEADLINE_EXCEEDED
                && e.getCause() instanceof SQLException cause
                && isCanceled(cause);
    }

    /** Whether the connection is gone, so that what was sent may have been done or not. */
    static boolean isConnectionLost(SQLException e) {
        return state(e).startsWith("08") || ENDINGS.contains(state(e));
    }

    /** Whether the server did not answer in time. */
    static boolean isSilence(SQLException e) {
        return caused(e, SocketTimeoutException.class) != null;
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private static ErrorCode code(SQLException e) {
        String state = state(e);
        return switch (state) {
            case "3D000" -> ErrorCode.NOT_FOUND;
            case "42501", "25006" -> ErrorCode.FORBIDDEN;
            case "40001", "40P01" -> ErrorCode.CONFLICT;
            case "55P03" -> ErrorCode.DEADLINE_EXCEEDED;
            case "XX001", "XX002" -> ErrorCode.DATA_LOSS;
            case "25P03", "25P04" -> ErrorCode.UNAVAILABLE;
            default -> ofClass(e, state.length() < 2 ? "" : state.substring(0, 2));
        };
    }

    private static ErrorCode ofClass(SQLException e, String type) {
        return switch (type) {
            case "08" -> isSilence(e) ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.UNAVAILABLE;
            case "57", "58" -> ErrorCode.UNAVAILABLE;
            case "28" -> ErrorCode.UNAUTHORIZED;
            case "53" -> ErrorCode.RESOURCE_EXHAUSTED;
            case "54" -> ErrorCode.INVALID_ARGUMENT;
            case "0A" -> ErrorCode.UNSUPPORTED;
            default -> ErrorCode.UNKNOWN;
        };
    }

    private static String explain(SQLException e) {
        return switch (state(e)) {
            case "3D000" -> "the server has no such database; create it first";
            case "28P01" -> "the server does not accept the user or the password";
            case "42501" -> "the user lacks a privilege: " + e.getMessage();
            case "25006" -> "the server is read-only (a standby, or default_transaction_read_only); name the primary";
            case "53100" -> "the server's disk is full";
            case "53200" -> "the server is out of memory, or out of locks for one transaction";
            case "53300" -> "the server takes no more connections; give it more, or the clients smaller pools";
            case "57P01", "57P02" -> "the server is being shut down, or an administrator ended the connection";
            case "57P03" -> "the server is starting, or recovering, and takes no connections yet";
            case CANCELED -> "somebody cancelled it at the server";
            case "40001", "40P01" -> "another transaction was first: read again and retry";
            default -> isTooLargeForIndex(e) ? explainIndex(e) : explainOther(e);
        };
    }

    private static String explainOther(SQLException e) {
        return state(e).startsWith("08") ? explainConnection(e) : e.getMessage() + " (" + state(e) + ")";
    }

    private static String explainIndex(SQLException e) {
        String relation = constraint(e);
        return "the values are too large for "
                + (relation == null ? "an index" : "the index " + relation.substring(relation.indexOf(':') + 1))
                + ", a row of which takes 2,704 bytes: " + PostgresDialect.PREFIX
                + " characters of each text, the numbers, and the key";
    }

    private static String explainConnection(SQLException e) {
        if (isSilence(e)) {
            return "the server did not answer in time";
        }
        UnknownHostException unknown = caused(e, UnknownHostException.class);
        if (unknown != null) {
            return "the host " + unknown.getMessage() + " is not known";
        }
        if (caused(e, NoRouteToHostException.class) != null) {
            return "there is no way to the host";
        }
        if (caused(e, ConnectException.class) != null) {
            return "nothing listens at the host and port";
        }
        SSLException ssl = caused(e, SSLException.class);
        return ssl != null
                ? "no TLS connection could be made: " + ssl.getMessage()
                : "the connection was lost: " + e.getMessage();
    }

    private static <T extends Throwable> @Nullable T caused(Throwable error, Class<T> type) {
        Throwable current = error;
        for (int i = 0; current != null && i < 20; i++) {
            if (type.isInstance(current)) {
                return type.cast(current);
            }
            current = current.getCause();
        }
        return null;
    }
}
