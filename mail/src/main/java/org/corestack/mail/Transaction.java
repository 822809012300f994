package org.corestack.mail;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.Accepted;
import org.corestack.mail.ReceiverResult.Refused;
import org.corestack.mail.ReceiverResult.Refused.Step;
import org.corestack.mail.ReceiverResult.Uncertain;

/** One message through one conversation: sender, receivers, content, answer. */
final class Transaction {
    /** The server closes the connection after this answer, whatever it answers. */
    private static final int CLOSING = 421;

    private final MailConfig config;
    private final Connection connection;
    private final MailMessage message;
    private final Envelope envelope;
    private final SecureRandom random;
    private final List<MailAddress> taken = new ArrayList<>();
    private final Map<MailAddress, ReceiverResult> results = new HashMap<>();

    Transaction(MailConfig config, Connection connection, MailMessage message, Envelope envelope, SecureRandom random) {
        this.config = config;
        this.connection = connection;
        this.message = message;
        this.envelope = envelope;
        this.random = random;
    }

    /** A connection that had been idle turned out to be of no more use before the message was begun. */
    static final class StaleException extends Exception {
        private static final long serialVersionUID = 1L;

        StaleException(String message) {
            super(message);
        }
    }

    /**
     * Runs it. Whatever it throws, the message was not given to the server.
     *
     * @param reused whether the connection has been idle, so that it may have been closed meanwhile
     * @param attempt makes the errors, and is asked before the message's end is sent
     * @throws StaleException only where {@code reused}
     */
    SendReport run(boolean reused, Attempt attempt) throws StaleException {
        boolean utf8 = checkOffers();
        boolean eightBit = conversation().supportsExtension("8BITMIME");
        boolean clean = false;
        try {
            if (sender(reused, eightBit, utf8) && receivers() && content(eightBit)) {
                attempt.ending(withoutAnswer());
                answer(attempt);
            }
            clean = true;
            return report();
        } catch (MessagingException | IOException e) {
            throw attempt.failure(e);
        } catch (StaleException e) {
            clean = true;
            throw e;
        } finally {
            // Where an attachment failed, with whatever it threw, the server must not take what it has for the whole.
            if (!clean) {
                connection.breakOff();
            }
        }
    }

    /** Whether the message needs SMTPUTF8. */
    private boolean checkOffers() {
        Optional<MailAddress> international = envelope.needingUtf8();
        if (international.isPresent() && !conversation().supportsExtension("SMTPUTF8")) {
            throw new CoreException(
                    ErrorCode.UNSUPPORTED,
                    "the mail server " + Failures.server(config) + " does not offer SMTPUTF8, which the address "
                            + international.get().address() + " needs; the message was not sent");
        }
        long limit = conversation().sizeLimit();
        long size = MessageWriter.atLeast(message);
        if (limit > 0 && size > limit) {
            throw CoreException.invalidArgument("the message has at least " + size + " bytes and the mail server "
                    + Failures.server(config) + " takes at most " + limit + "; it was not sent");
        }
        return international.isPresent();
    }

    private boolean sender(boolean reused, boolean eightBit, boolean utf8)
            throws MessagingException, IOException, StaleException {
        SmtpReply reply;
        try {
            reply = conversation().mail(envelope.sender(), eightBit && MessageWriter.wantsEightBit(message), utf8);
        } catch (MessagingException e) {
            if (reused) {
                throw new StaleException("the server had closed it");
            }
            throw e;
        }
        if (reused && reply.temporary()) {
            // Servers that let only so many messages through one connection say it this way.
            throw new StaleException(reply.toString());
        }
        if (!reply.positive()) {
            refuse(envelope.receivers(), Step.SENDER, reply);
            return false;
        }
        return true;
    }

    private boolean receivers() throws MessagingException, IOException {
        List<MailAddress> receivers = envelope.receivers();
        for (int i = 0; i < receivers.size(); i++) {
            SmtpReply reply = conversation().receiver(receivers.get(i));
            if (reply.code() == CLOSING) {
                List<MailAddress> rest = new ArrayList<>(taken);
                rest.addAll(receivers.subList(i, receivers.size()));
                taken.clear();
                refuse(rest, Step.RECEIVER, reply);
                return false;
            }
            if (reply.positive()) {
                taken.add(receivers.get(i));
            } else {
                refuse(List.of(receivers.get(i)), Step.RECEIVER, reply);
            }
        }
        return !taken.isEmpty();
    }

    private boolean content(boolean eightBit) throws MessagingException, IOException {
        OutputStream out = conversation().content();
        if (out == null) {
            refuse(taken, Step.DATA, conversation().reply());
            taken.clear();
            return false;
        }
        MessageWriter.write(message, envelope, out, eightBit, random);
        return true;
    }

    private void answer(Attempt attempt) {
        try {
            SmtpReply reply = conversation().end();
            if (reply.positive()) {
                taken.forEach(receiver -> results.put(receiver, new Accepted(receiver, reply)));
            } else {
                refuse(taken, Step.MESSAGE, reply);
            }
        } catch (MessagingException | IOException e) {
            connection.breakOff();
            CoreException error = unconfirmed(attempt.failure(e));
            taken.forEach(receiver -> results.put(receiver, new Uncertain(receiver, error)));
        }
    }

    /** Makes the report of who does not wait for the answer; it shares nothing with the worker, which may go on. */
    private Function<CoreException, SendReport> withoutAnswer() {
        Map<MailAddress, ReceiverResult> refused = Map.copyOf(results);
        return why -> {
            CoreException error = unconfirmed(why);
            return envelope.report(receiver -> {
                ReceiverResult result = refused.get(receiver);
                return result == null ? new Uncertain(receiver, error) : result;
            });
        };
    }

    private static CoreException unconfirmed(CoreException error) {
        return new CoreException(
                error.code(), "the server has the message and did not confirm it: " + error.getMessage(), error);
    }

    private void refuse(List<MailAddress> receivers, Step step, SmtpReply reply)
            throws MessagingException, IOException {
        if (!reply.refusal()) {
            throw new IOException("the server's answer makes no sense here: " + reply);
        }
        receivers.forEach(receiver -> results.put(receiver, new Refused(receiver, step, reply)));
        if (reply.code() == CLOSING) {
            connection.breakOff();
        }
    }

    private SendReport report() {
        boolean open = results.values().stream()
                .noneMatch(result -> result instanceof Accepted || result instanceof Uncertain);
        if (open && !connection.broken()) {
            reset();
        }
        return envelope.report(receiver -> Objects.requireNonNull(results.get(receiver)));
    }

    /** What was refused is known by now; a connection on which this fails is of no more use, and that is all. */
    private void reset() {
        try {
            if (!conversation().reset().positive()) {
                connection.breakOff();
            }
        } catch (MessagingException e) {
            connection.breakOff();
        }
    }

    private Conversation conversation() {
        return connection.conversation();
    }
}
