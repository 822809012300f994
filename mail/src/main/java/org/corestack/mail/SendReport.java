package org.corestack.mail;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.Accepted;
import org.corestack.mail.ReceiverResult.NotSent;
import org.corestack.mail.ReceiverResult.Refused;
import org.corestack.mail.ReceiverResult.Uncertain;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message, receiver by receiver.
 *
 * <p>A refusal is a result here and not an exception, because others may have got the message. Who wants all or an error
 * calls {@link #orThrow}.
 *
 * @param messageId the message's id as it stands in its header, in angle brackets
 * @param results one for each receiver, each receiver once, in the order to, cc, bcc
 */
public record SendReport(String messageId, List<ReceiverResult> results) {
    /** More would make a message that nobody reads. */
    private static final int MOST_NAMED = 10;

    /** Checks and copies. */
    public SendReport {
        Objects.requireNonNull(messageId, "messageId");
        results = List.copyOf(results);
    }

    /** Whether the server accepted the message for every receiver. */
    public boolean complete() {
        return accepted().size() == results.size();
    }

    /** The receivers for whom the server accepted it. */
    public List<Accepted> accepted() {
        return some(Accepted.class);
    }

    /** The receivers for whom the server refused it. */
    public List<Refused> refused() {
        return some(Refused.class);
    }

    /** Whether sending it again to one of those who were not accepted can help. */
    public boolean retryable() {
        return results.stream().anyMatch(ReceiverResult::retryable);
    }

    /**
     * This report if it is complete.
     *
     * <p>The exception's code is that of what stands in the way of a retry, if something does: INVALID_ARGUMENT or
     * UNAUTHORIZED where a receiver was refused for good, otherwise UNAVAILABLE, DEADLINE_EXCEEDED or CANCELED. Its message
     * names up to ten receivers that were not accepted, with the server's answers, and says how many were.
     *
     * @return this report
     * @throws CoreException if the message was not accepted for every receiver
     */
    public SendReport orThrow() {
        if (complete()) {
            return this;
        }
        List<ReceiverResult> failed =
                results.stream().filter(result -> !(result instanceof Accepted)).toList();
        ReceiverResult worst = failed.stream()
                .filter(result -> !result.retryable())
                .findFirst()
                .orElse(failed.get(0));
        String message =
                "the message " + messageId + " was accepted for " + accepted().size() + " of "
                        + results.size() + " receivers: "
                        + failed.stream()
                                .limit(MOST_NAMED)
                                .map(ReceiverResult::describe)
                                .collect(Collectors.joining("; "))
                        + (failed.size() > MOST_NAMED ? "; and " + (failed.size() - MOST_NAMED) + " more" : "");
        throw new CoreException(code(worst), message, cause(worst));
    }

    private <T> List<T> some(Class<T> type) {
        return results.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static ErrorCode code(ReceiverResult result) {
        if (result instanceof Refused refused) {
            return refused.code();
        }
        CoreException error = cause(result);
        return error == null ? ErrorCode.UNKNOWN : error.code();
    }

    private static @Nullable CoreException cause(ReceiverResult result) {
        if (result instanceof Uncertain uncertain) {
            return uncertain.error();
        }
        return result instanceof NotSent notSent ? notSent.error() : null;
    }
}
