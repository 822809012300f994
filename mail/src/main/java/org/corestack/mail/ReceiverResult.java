package org.corestack.mail;

import java.util.Objects;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** What became of a message for one of its receivers. */
public sealed interface ReceiverResult {
    /** Whose result it is, without a name. */
    MailAddress receiver();

    /**
     * Whether sending the same message again to this receiver can help, without anybody mending something first. For
     * {@link Uncertain} it can, at the price that the message may arrive twice.
     */
    boolean retryable();

    /** The result as a line for people. */
    String describe();

    /**
     * The server took the message for this receiver and is responsible for it now. Not guaranteed: that it arrives; a
     * server that can't deliver it later sends a message to the sender.
     *
     * @param receiver whose result it is
     * @param reply the server's answer to the whole message
     */
    record Accepted(MailAddress receiver, SmtpReply reply) implements ReceiverResult {
        /** Checks that both are there. */
        public Accepted {
            Objects.requireNonNull(receiver, "receiver");
            Objects.requireNonNull(reply, "reply");
        }

        @Override
        public boolean retryable() {
            return false;
        }

        @Override
        public String describe() {
            return receiver + " accepted: " + reply;
        }
    }

    /**
     * The server refused it for this receiver: nothing was delivered there.
     *
     * @param receiver whose result it is
     * @param step to which command the server said no
     * @param reply the server's answer
     */
    record Refused(MailAddress receiver, Step step, SmtpReply reply) implements ReceiverResult {
        /** The commands to which a server can say no. */
        public enum Step {
            /** The sender was refused, so the message was for all receivers. */
            SENDER,
            /** This receiver was refused. */
            RECEIVER,
            /** The server did not want to see the message. */
            DATA,
            /** The server saw the message and refused it. */
            MESSAGE
        }

        /** Checks that all are there. */
        public Refused {
            Objects.requireNonNull(receiver, "receiver");
            Objects.requireNonNull(step, "step");
            Objects.requireNonNull(reply, "reply");
        }

        /** True for a reply of 4yz, false for 5yz. */
        @Override
        public boolean retryable() {
            return reply.temporary();
        }

        /**
         * The refusal as an error code: UNAVAILABLE for 4yz, UNAUTHORIZED where the server wants authentication (530, 534,
         * 535, 538), else INVALID_ARGUMENT.
         */
        public ErrorCode code() {
            if (reply.temporary()) {
                return ErrorCode.UNAVAILABLE;
            }
            return switch (reply.code()) {
                case 530, 534, 535, 538 -> ErrorCode.UNAUTHORIZED;
                default -> ErrorCode.INVALID_ARGUMENT;
            };
        }

        @Override
        public String describe() {
            return receiver + " refused: " + reply;
        }
    }

    /**
     * The message was given to the server and its answer did not come: it may or may not be delivered.
     *
     * @param receiver whose result it is
     * @param error what happened instead of an answer: UNAVAILABLE, DEADLINE_EXCEEDED or CANCELED
     */
    record Uncertain(MailAddress receiver, CoreException error) implements ReceiverResult {
        /** Checks that both are there. */
        public Uncertain {
            Objects.requireNonNull(receiver, "receiver");
            Objects.requireNonNull(error, "error");
        }

        @Override
        public boolean retryable() {
            return true;
        }

        @Override
        public String describe() {
            return receiver + " uncertain: " + error.getMessage();
        }
    }

    /**
     * The message was not given to the server. {@link MailClient#send} throws its error instead; only
     * {@link MailClient#sendAll} gives it as a result.
     *
     * @param receiver whose result it is
     * @param error why not
     */
    record NotSent(MailAddress receiver, CoreException error) implements ReceiverResult {
        /** Checks that both are there. */
        public NotSent {
            Objects.requireNonNull(receiver, "receiver");
            Objects.requireNonNull(error, "error");
        }

        /** As the error's code says. */
        @Override
        public boolean retryable() {
            return error.code().retryable();
        }

        @Override
        public String describe() {
            return receiver + " not sent: " + error.getMessage();
        }
    }
}
