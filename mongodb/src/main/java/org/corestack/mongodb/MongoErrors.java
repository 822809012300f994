package org.corestack.mongodb;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.client.MongoClient;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import java.util.StringJoiner;
import org.bson.BSONException;
import org.bson.BsonDocument;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** The one place where the driver's errors become ours. */
final class MongoErrors {
    static final int BAD_VALUE = 2;
    static final int TYPE_MISMATCH = 14;
    static final int PATH_NOT_VIABLE = 28;
    static final int NAMESPACE_NOT_FOUND = 26;
    static final int NAMESPACE_EXISTS = 48;
    static final int SNAPSHOT_TOO_OLD = 239;
    static final int SNAPSHOT_UNAVAILABLE = 246;
    static final int HISTORY_LOST = 286;
    static final int CHANGE_STREAM_FATAL = 280;
    static final int INVALID_RESUME_TOKEN = 260;
    static final int TOO_LARGE = 10334;
    static final int FRAGMENT_TOO_LARGE = 7182500;
    static final int UNKNOWN_STAGE = 40324;
    static final int NOT_IN_STABLE_API = 323;
    static final int GROWN_TOO_LARGE = 17419;
    static final int REPLACED_TOO_LARGE = 17420;

    static final int DUPLICATE_KEY = 11000;

    private MongoErrors() {}

    /** Whether a write was refused because its key is taken, and not a value of another program's unique index. */
    static boolean isKeyTaken(MongoException e) {
        if (code(e) != DUPLICATE_KEY) {
            return false;
        }
        BsonDocument pattern = e instanceof MongoCommandException command
                ? command.getResponse().getDocument("keyPattern", new BsonDocument())
                : new BsonDocument();
        return pattern.isEmpty()
                ? !String.valueOf(e.getMessage()).contains(" index: ")
                        || String.valueOf(e.getMessage()).contains(" index: _id_ ")
                : pattern.containsKey(Names.ID) && pattern.size() == 1;
    }

    /** Whether a list can't be sorted as there are lists at two of its paths. */
    static boolean areParallelLists(MongoException e) {
        return e.getCode() == BAD_VALUE && String.valueOf(e.getMessage()).contains("parallel arrays");
    }

    /** Whether the servers can't read as of a moment, or not any more. */
    static boolean isMomentGone(CoreException e) {
        MongoException cause = cause(e, MongoException.class);
        return cause != null && (cause.getCode() == SNAPSHOT_TOO_OLD || cause.getCode() == SNAPSHOT_UNAVAILABLE);
    }

    /** The number that the server gave an error; of several writes that of the first that failed. */
    static int code(MongoException e) {
        return e instanceof MongoBulkWriteException bulk
                        && !bulk.getWriteErrors().isEmpty()
                ? bulk.getWriteErrors().get(0).getCode()
                : e.getCode();
    }

    /**
     * The error in our terms.
     *
     * @param doing what was being done
     * @param deadline by when it should have been done
     * @param client whose servers are described where none of them could be had
     */
    static CoreException translate(RuntimeException e, Doing doing, Deadline deadline, MongoClient client) {
        if (e instanceof MongoInterruptedException) {
            CoreException interrupted =
                    CoreException.interrupted(doing + " was interrupted", new InterruptedException(e.getMessage()));
            return error(doing.write(), ErrorCode.CANCELED, interrupted.getMessage(), e);
        }
        if (e instanceof MongoTimeoutException late) {
            return timeout(late, doing, deadline, client);
        }
        if (e instanceof MongoException mongo) {
            ErrorCode code = codeOf(mongo);
            boolean unknown = doing.write()
                    && (e instanceof MongoSocketException
                            || code == ErrorCode.UNAVAILABLE
                            || mongo.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL));
            return error(unknown, code, doing + " failed: " + explain(code, mongo), e);
        }
        ErrorCode code = e instanceof BSONException ? ErrorCode.INVALID_ARGUMENT : ErrorCode.UNKNOWN;
        return new CoreException(code, doing + " failed: " + e.getMessage(), e);
    }

    private static CoreException error(boolean unknownOutcome, ErrorCode code, String message, Throwable cause) {
        return unknownOutcome
                ? CoreException.ofUnknownOutcome(code, message, cause)
                : new CoreException(code, message, cause);
    }

    private static CoreException timeout(MongoTimeoutException e, Doing doing, Deadline deadline, MongoClient client) {
        MongoSecurityException refused = cause(e, MongoSecurityException.class);
        if (refused != null) {
            return new CoreException(
                    ErrorCode.UNAUTHORIZED, doing + " failed: " + explain(ErrorCode.UNAUTHORIZED, refused), e);
        }
        String servers = unusable(client.getClusterDescription());
        if (servers != null) {
            return error(
                    doing.write() && e.getCause() != null,
                    ErrorCode.UNAVAILABLE,
                    doing + " found no server to go to within " + deadline.timeout() + ": " + servers,
                    e);
        }
        boolean begun = e instanceof MongoOperationTimeoutException;
        return begun
                ? error(
                        doing.write(),
                        ErrorCode.DEADLINE_EXCEEDED,
                        doing + " took longer than " + deadline.timeout(),
                        e)
                : new CoreException(ErrorCode.RESOURCE_EXHAUSTED, doing + " got no connection: " + e.getMessage(), e);
    }

    /** Why no server can be written to; null if one can. */
    private static @Nullable String unusable(ClusterDescription cluster) {
        StringJoiner why = new StringJoiner(", ");
        for (ServerDescription server : cluster.getServerDescriptions()) {
            if (server.isPrimary() || server.isStandAlone() || server.isShardRouter()) {
                return null;
            }
            Throwable error = server.getException();
            why.add(server.getAddress() + " " + (error == null ? "is " + server.getType() : "(" + root(error) + ")"));
        }
        return cluster.getServerDescriptions().isEmpty() ? "none is known" : "there is no primary among " + why;
    }

    private static Throwable root(Throwable error) {
        Throwable deepest = error;
        for (int i = 0; deepest.getCause() != null && i < 20; i++) {
            deepest = deepest.getCause();
        }
        return deepest;
    }

    /** The nearest cause of a type. */
    static <T> @Nullable T cause(Throwable error, Class<T> type) {
        Throwable at = error;
        for (int i = 0; at != null && i < 20; i++, at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }

    private static ErrorCode codeOf(MongoException e) {
        if (e instanceof MongoSecurityException) {
            return ErrorCode.UNAUTHORIZED;
        }
        if (e instanceof MongoSocketReadTimeoutException) {
            return ErrorCode.DEADLINE_EXCEEDED;
        }
        if (e instanceof MongoIncompatibleDriverException) {
            return ErrorCode.UNSUPPORTED;
        }
        if (e instanceof MongoSocketException
                || e instanceof MongoNotPrimaryException
                || e instanceof MongoNodeIsRecoveringException
                || e instanceof MongoConfigurationException
                || e instanceof MongoWriteConcernException) {
            return ErrorCode.UNAVAILABLE;
        }
        return ofNumber(code(e), e);
    }

    private static ErrorCode ofNumber(int number, MongoException e) {
        return switch (number) {
            case DUPLICATE_KEY, 11001, 12582, 85, 86 -> ErrorCode.ALREADY_EXISTS;
            case 112 -> ErrorCode.CONFLICT;
            case 13 -> ErrorCode.FORBIDDEN;
            case 11, 18, 31, 33, 334 -> ErrorCode.UNAUTHORIZED;
            case 50 -> ErrorCode.DEADLINE_EXCEEDED;
            case TOO_LARGE, GROWN_TOO_LARGE, REPLACED_TOO_LARGE, 17280, 67, 121, 197 -> ErrorCode.INVALID_ARGUMENT;
            case BAD_VALUE, TYPE_MISMATCH, PATH_NOT_VIABLE -> ErrorCode.INVALID_ARGUMENT;
            case 13297, NAMESPACE_EXISTS -> ErrorCode.FAILED_PRECONDITION;
            case 14031, 39, 146, 292 -> ErrorCode.RESOURCE_EXHAUSTED;
            case 59, 115, 303 -> ErrorCode.UNSUPPORTED;
            case 6, 7, 63, 64, 89, 91, 133, 134, 150, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436 ->
                ErrorCode.UNAVAILABLE;
            default -> e.hasErrorLabel("RetryableWriteError") ? ErrorCode.UNAVAILABLE : ErrorCode.UNKNOWN;
        };
    }

    private static String explain(ErrorCode code, MongoException e) {
        String server = e.getMessage();
        return switch (code) {
            case UNAUTHORIZED -> "the server does not accept the user and password, or certificate (" + root(e) + ")";
            case FORBIDDEN -> "the user may not do that: " + server;
            case UNSUPPORTED -> "the server can't do it, or is too old: " + server;
            case UNAVAILABLE -> "the server can't be reached, or is not the primary at present: " + root(e);
            default -> String.valueOf(server);
        };
    }
}
