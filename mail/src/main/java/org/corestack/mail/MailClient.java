package org.corestack.mail;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.errors.CoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to one mail server over SMTP, or writes them to a folder in its test mode.
 *
 * <p>Thread-safe; a service needs one. It keeps up to {@link MailConfig#connections} connections open between messages, the
 * first is made with the first message. Sending blocks until the server has answered or the total timeout has passed; the
 * conversation itself runs on a thread of the client, so tokens and attachments are read there.
 *
 * <p>Not guaranteed: that a message which the server accepted arrives, that one arrives only once when it is sent again after
 * an uncertain result, and the order in which messages of several threads are sent. Nothing is kept over the end of the
 * process.
 */
public final class MailClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailClient.class);

    private final MailConfig config;
    private final Sender sender;
    private final AtomicBoolean closed = new AtomicBoolean();

    private MailClient(MailConfig config, Sender sender) {
        this.config = config;
        this.sender = sender;
    }

    /**
     * Opens a client. It does not connect yet.
     *
     * @param config where and how it sends
     * @return the client, to be closed
     * @throws CoreException with UNAVAILABLE if the folder of the test mode can't be made, FAILED_PRECONDITION if the JDK
     *     has no TLS
     */
    public static MailClient open(MailConfig config) {
        Objects.requireNonNull(config, "config");
        if (config.folder().isPresent()) {
            return new MailClient(
                    config, new FolderSender(config, config.folder().get()));
        }
        if (config.tls() == TlsMode.NONE && config.user().isPresent() && !IpLiterals.isLoopback(config.host())) {
            LOG.warn(
                    "the mail server {} is used without encryption: the {} of the user {} can be read on the way",
                    Failures.server(config),
                    config.login() == null ? "secret" : config.login().kind(),
                    config.user().get());
        }
        return new MailClient(config, new SmtpSender(config));
    }

    /**
     * Sends a message.
     *
     * <p>It returns as soon as the server has said something about the message, whether yes or no:
     * {@link SendReport#orThrow} makes an exception of a no. It throws where the message could not be given to the server; it
     * went to nobody then.
     *
     * @param message what to send
     * @return what became of it, receiver by receiver
     * @throws CoreException UNAVAILABLE if the server can't be reached or serve at present; UNAUTHORIZED if it does not accept
     *     the login, offers none, or shows a certificate that is not trusted; FORBIDDEN if it turns the client away;
     *     UNSUPPORTED if it lacks STARTTLS or the SMTPUTF8 that an address needs; INVALID_ARGUMENT if the message is larger
     *     than it takes or an attachment can't be read; DEADLINE_EXCEEDED after a timeout; CANCELED after an interrupt, with
     *     the thread's flag set; FAILED_PRECONDITION if the client is closed
     */
    public SendReport send(MailMessage message) {
        Objects.requireNonNull(message, "message");
        checkOpen();
        return sender.send(message);
    }

    /**
     * Sends messages one after the other over one connection.
     *
     * <p>One that fails does not stop the others, except where no connection can be made at all, or after an interrupt: then
     * all that are left have the same result. The total timeout holds for each message.
     *
     * @param messages what to send, in this order
     * @return a report for each message, in the same order; where {@link #send} would throw, the receivers' results are
     *     {@link ReceiverResult.NotSent} with that error
     * @throws CoreException with FAILED_PRECONDITION if the client is closed
     */
    public List<SendReport> sendAll(List<MailMessage> messages) {
        List<MailMessage> copy = List.copyOf(messages);
        checkOpen();
        return sender.sendAll(copy);
    }

    /**
     * Closes the client: takes no more messages, waits for those being sent for the close timeout, then cuts
     * them off with CANCELED, says goodbye on its connections and ends its threads. Does nothing the second time.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sender.close();
        }
    }

    /** The configuration, without secrets. */
    @Override
    public String toString() {
        return "MailClient[" + config + "]";
    }

    static CoreException closed() {
        return CoreException.failedPrecondition("the mail client is closed; open a new one to send");
    }

    private void checkOpen() {
        if (closed.get()) {
            throw closed();
        }
    }
}
