package org.corestack.errors;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What kind of failure a {@link CoreException} is: the thing to branch on.
 *
 * <p>Each code has a number that never changes, says whether a retry can help, and knows its gRPC and HTTP status, so
 * that a service can pass it on. The numbers 0 to 5 are those of the Go library. Codes may be added in later versions:
 * a {@code switch} over them needs a default.
 */
public enum ErrorCode {
    /** Nothing more is known: an error of the user's own code, or one that an engine has no name for. */
    UNKNOWN(0, false, 2, "UNKNOWN", 500),
    /** The key, entry or collection is not there. */
    NOT_FOUND(1, false, 5, "NOT_FOUND", 404),
    /** The key, or the value of a unique index, is taken. */
    ALREADY_EXISTS(2, false, 6, "ALREADY_EXISTS", 409),
    /** The call itself is wrong, whatever the state of the database: nothing was written. */
    INVALID_ARGUMENT(3, false, 3, "INVALID_ARGUMENT", 400),
    /** The database does not accept who asks: user, password or certificate. */
    UNAUTHORIZED(4, false, 16, "UNAUTHENTICATED", 401),
    /** The database knows who asks and does not allow it; a read-only file too. */
    FORBIDDEN(5, false, 7, "PERMISSION_DENIED", 403),
    /** The caller gave up: its thread was interrupted, or what it waited for was closed or cancelled. */
    CANCELED(6, false, 1, "CANCELLED", 499),
    /** The timeout passed first. {@link CoreException#outcomeUnknown} says whether a write may have been done. */
    DEADLINE_EXCEEDED(7, true, 4, "DEADLINE_EXCEEDED", 504),
    /** The database can't be reached at present. {@link CoreException#outcomeUnknown} as above. */
    UNAVAILABLE(8, true, 14, "UNAVAILABLE", 503),
    /** A condition or version did not hold, or another transaction was first: read again, then retry. */
    CONFLICT(9, true, 10, "ABORTED", 409),
    /** This engine, server version or format can't do it; a format newer than this library too. */
    UNSUPPORTED(10, false, 12, "UNIMPLEMENTED", 501),
    /** The object is not in a state for this call: not started, closed, not held. */
    FAILED_PRECONDITION(11, false, 9, "FAILED_PRECONDITION", 400),
    /** Something ran out: disk, connections, or a limit of size. */
    RESOURCE_EXHAUSTED(12, true, 8, "RESOURCE_EXHAUSTED", 429),
    /** What was stored is damaged or gone, and no retry brings it back. */
    DATA_LOSS(13, false, 15, "DATA_LOSS", 500);

    private final int number;
    private final boolean retryable;
    private final int grpcNumber;
    private final String grpcStatus;
    private final int httpStatus;

    ErrorCode(int number, boolean retryable, int grpcNumber, String grpcStatus, int httpStatus) {
        this.number = number;
        this.retryable = retryable;
        this.grpcNumber = grpcNumber;
        this.grpcStatus = grpcStatus;
        this.httpStatus = httpStatus;
    }

    /**
     * The code's number, which is stable across versions and the same in the Go library for 0 to 5.
     *
     * @return 0 or more
     */
    public int number() {
        return number;
    }

    /**
     * Whether doing the same again later can succeed without anybody mending something first.
     *
     * <p>For {@link #CONFLICT} "the same" includes reading again. Where {@link CoreException#outcomeUnknown} says so the
     * first attempt may have been carried out, so the retry of a write should carry a condition. {@link #UNKNOWN} is not retryable, because nothing says that a retry would help.
     *
     * @return true if a retry can help
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * The number of the gRPC status that says the same.
     *
     * @return 1 to 16
     */
    public int grpcNumber() {
        return grpcNumber;
    }

    /**
     * The name of the gRPC status that says the same, as gRPC spells it.
     *
     * @return an upper-case name, for example {@code UNAUTHENTICATED} for {@link #UNAUTHORIZED}
     */
    public String grpcStatus() {
        return grpcStatus;
    }

    /**
     * The HTTP status that says the same, by the usual mapping of gRPC status to HTTP.
     *
     * @return 400 to 504; 499 for {@link #CANCELED}, which is no registered status but a common one
     */
    public int httpStatus() {
        return httpStatus;
    }

    /**
     * The code with a number, for numbers that came over a wire.
     *
     * @param number a number that this or another version gave
     * @return the code, or {@link #UNKNOWN} for a number that this version does not know: a newer peer must not break an
     *     older one
     */
    public static ErrorCode ofNumber(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return UNKNOWN;
    }

    /**
     * The code of an error, found by walking its chain of causes from the outside in.
     *
     * <p>The first throwable with a code other than {@link #UNKNOWN} decides, so a wrapped error keeps its code and a
     * wrapper can replace it. Besides {@link CoreException} the JDK's own signs are understood: an interrupt or a
     * cancellation is {@link #CANCELED}, a {@link TimeoutException} or {@link SocketTimeoutException} is
     * {@link #DEADLINE_EXCEEDED}. An {@link IllegalArgumentException} is not taken for {@link #INVALID_ARGUMENT}: it
     * tells of a mistake somewhere in the code that ran, which need not be the caller's. Suppressed errors are not
     * looked at. A chain that runs in a circle ends where it would repeat.
     *
     * @param error any error
     * @return its code, {@link #UNKNOWN} if nothing in the chain has one
     */
    public static ErrorCode of(Throwable error) {
        Objects.requireNonNull(error, "error");
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        @Nullable Throwable current = error;
        while (current != null && seen.add(current)) {
            ErrorCode code = ofOne(current);
            if (code != UNKNOWN) {
                return code;
            }
            current = current.getCause();
        }
        return UNKNOWN;
    }

    private static ErrorCode ofOne(Throwable error) {
        if (error instanceof CoreException core) {
            return core.code();
        }
        // A socket's timeout is by inheritance an interrupted I/O, so it has to be asked for first.
        if (error instanceof TimeoutException || error instanceof SocketTimeoutException) {
            return DEADLINE_EXCEEDED;
        }
        if (error instanceof InterruptedException
                || error instanceof InterruptedIOException
                || error instanceof ClosedByInterruptException
                || error instanceof CancellationException) {
            return CANCELED;
        }
        return UNKNOWN;
    }
}
