package org.corestack.errors;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the library: an {@link ErrorCode} to branch on, a message for people, and the native error as
 * its cause.
 *
 * <p>It is unchecked, and final because the code and not the class says what went wrong. The message names what was
 * being done to which collection and key, what was wrong and what would be right; it never holds a secret or a whole
 * document. Its wording is not part of the API.
 */
public final class CoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The code, never null. */
    private final ErrorCode code;

    private final boolean outcomeUnknown;

    /**
     * An error without a cause.
     *
     * @param code what kind of failure it is
     * @param message what was wrong and what would be right
     */
    public CoreException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /**
     * An error with the one that led to it.
     *
     * @param code what kind of failure it is
     * @param message what was wrong and what would be right
     * @param cause the native error, or null if there is none
     */
    public CoreException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, cause, false);
    }

    private CoreException(ErrorCode code, String message, @Nullable Throwable cause, boolean outcomeUnknown) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.code = Objects.requireNonNull(code, "code");
        this.outcomeUnknown = outcomeUnknown;
    }

    /**
     * An error of a write, or of a transaction's commit, that may have taken place all the same: the engine lost sight of
     * it. The message says so too.
     *
     * @param code what kind of failure it is
     * @param message what was wrong and what would be right; that the outcome is not known is added
     * @param cause the native error, or null if there is none
     * @return the exception, to be thrown
     */
    public static CoreException ofUnknownOutcome(ErrorCode code, String message, @Nullable Throwable cause) {
        return new CoreException(code, message + "; whether the write took place is not known", cause, true);
    }

    /**
     * An {@link ErrorCode#INVALID_ARGUMENT}: the call is wrong whatever the state of the database.
     *
     * @param message what was wrong and what would be right
     * @return the exception, to be thrown
     */
    public static CoreException invalidArgument(String message) {
        return new CoreException(ErrorCode.INVALID_ARGUMENT, message);
    }

    /**
     * An {@link ErrorCode#NOT_FOUND}.
     *
     * @param message what was looked for, and where
     * @return the exception, to be thrown
     */
    public static CoreException notFound(String message) {
        return new CoreException(ErrorCode.NOT_FOUND, message);
    }

    /**
     * An {@link ErrorCode#UNSUPPORTED}: the engine, server version or format can't do it.
     *
     * @param message what was asked for, and what would do it
     * @return the exception, to be thrown
     */
    public static CoreException unsupported(String message) {
        return new CoreException(ErrorCode.UNSUPPORTED, message);
    }

    /**
     * An {@link ErrorCode#FAILED_PRECONDITION}: not started, closed, not held.
     *
     * @param message which object it is, in what state, and what state was needed
     * @return the exception, to be thrown
     */
    public static CoreException failedPrecondition(String message) {
        return new CoreException(ErrorCode.FAILED_PRECONDITION, message);
    }

    /**
     * A {@link ErrorCode#CANCELED} for a blocking call that was interrupted. Sets the thread's interrupt flag again, so
     * that the caller's own loop sees it too.
     *
     * @param message what was being waited for
     * @param cause the interrupt that was caught
     * @return the exception, to be thrown
     */
    public static CoreException interrupted(String message, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new CoreException(ErrorCode.CANCELED, message, cause);
    }

    /**
     * An error around another that keeps the other's code, as {@link ErrorCode#of} finds it, and whether the outcome is
     * known.
     *
     * @param message what was being done when it happened
     * @param cause the error to wrap
     * @return the exception, to be thrown
     */
    public static CoreException wrap(String message, Throwable cause) {
        boolean unknown = cause instanceof CoreException core && core.outcomeUnknown;
        return new CoreException(ErrorCode.of(cause), message, cause, unknown);
    }

    /**
     * Whether the write that failed may have taken place all the same, so that to do it again may do it twice: read first,
     * or repeat it with a condition. False of what was certainly not done, and of reads.
     *
     * @return true if nobody knows
     */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /**
     * What kind of failure it is.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * The message.
     *
     * @return the message, without the code
     */
    @Override
    public String getMessage() {
        // RuntimeException may have no message, this always has one.
        return Objects.requireNonNull(super.getMessage());
    }

    /**
     * The class, the code and the message, as stack traces begin.
     *
     * @return one line, for people
     */
    @Override
    public String toString() {
        return getClass().getName() + ": " + code + ": " + getMessage();
    }
}
