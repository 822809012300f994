package org.corestack.mail;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP conversation by Angus, command by command, so that each answer of the server is seen.
 *
 * <p>What Angus would decide by itself is decided here: whether the connection is encrypted as configured, who logs in (Angus
 * would ask the session, look up the host's name and try twice), and what is sent to a server that did not offer it. Its
 * {@code sendMessage} is not used.
 *
 * <p>Used by one thread at a time, which should be a platform thread: Angus holds a monitor while it waits.
 */
final class Conversation extends SMTPTransport {
    private static final Pattern LINE = Pattern.compile("([2-5]\\d\\d)(?:[ -].*)?", Pattern.DOTALL);

    /**
     * Where Angus logs all that is said, when somebody turns it on: under the package of its subclass, which is ours. It
     * logs nothing, because a server may repeat a password. Kept, as the JDK forgets loggers that nobody holds.
     */
    private static final List<Logger> SILENT = Stream.of("", ".protocol")
            .map(name -> Logger.getLogger(Conversation.class.getPackageName() + name))
            .toList();

    static {
        SILENT.forEach(logger -> logger.setFilter(record -> false));
    }

    private final MailConfig config;
    private final Secrets secrets;
    private final @Nullable String secret;

    private Conversation(Session session, MailConfig config, @Nullable String secret) {
        super(session, new URLName("smtp", config.host(), config.port(), null, null, null));
        this.config = config;
        this.secret = secret;
        Login login = config.login();
        this.secrets = login == null || secret == null ? Secrets.NONE : Secrets.of(login.user(), secret);
    }

    /** The session of all conversations of one client. */
    static Session session(MailConfig config, Tls tls) {
        Properties properties = new Properties();
        boolean startTls = config.tls() == TlsMode.STARTTLS;
        properties.setProperty("mail.smtp.starttls.enable", String.valueOf(startTls));
        properties.setProperty("mail.smtp.starttls.required", String.valueOf(startTls));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", tls);
        // Angus waits for an answer to QUIT by reading until it makes sense, which a hostile server never lets it.
        properties.setProperty("mail.smtp.quitwait", "false");
        Login login = config.login();
        if (login != null) {
            properties.setProperty("mail.smtp.auth", "true");
            properties.setProperty("mail.smtp.auth.mechanisms", login.oauth() ? "XOAUTH2" : "PLAIN LOGIN");
        }
        return Session.getInstance(properties);
    }

    /**
     * Greets the server over a connected socket: EHLO, STARTTLS, EHLO, AUTH, as configured.
     *
     * @param secret the password or token, or null if nobody logs in
     * @throws CoreException if that fails; the socket is then of no more use
     */
    static Conversation begin(Session session, MailConfig config, @Nullable String secret, Socket socket) {
        Conversation conversation = new Conversation(session, config, secret);
        conversation.setLocalHost(
                config.helloName() == null ? IpLiterals.smtp(socket.getLocalAddress()) : config.helloName());
        boolean offersLogin;
        try {
            conversation.connect(socket);
            offersLogin = conversation.supportsExtension("AUTH") || conversation.supportsExtension("AUTH=LOGIN");
            if (secret != null && !offersLogin) {
                conversation.confirmOffers();
            }
        } catch (MessagingException e) {
            throw Failures.connecting(
                    config, e, conversation.getLastReturnCode(), conversation.lastReply(), conversation.secrets);
        }
        if (secret != null && !offersLogin) {
            // Angus takes this for success.
            throw new CoreException(
                    ErrorCode.UNAUTHORIZED,
                    "the mail server " + Failures.server(config)
                            + " does not offer to log in, and a user is configured");
        }
        return conversation;
    }

    /** Reached from {@code connect(Socket)}, without what Angus would add: another user, another host, another try. */
    @Override
    public synchronized void connect(@Nullable String host, int port, @Nullable String user, @Nullable String password)
            throws MessagingException {
        Login login = config.login();
        if (!protocolConnect(config.host(), config.port(), login == null ? null : login.user(), secret)) {
            throw new AuthenticationFailedException("the login was refused");
        }
        setConnected(true);
    }

    /** Checks what the server offers before anything else is said. */
    @Override
    protected boolean ehlo(String domain) throws MessagingException {
        boolean understood = super.ehlo(domain);
        int code = getLastReturnCode();
        if (!wellFormed(code)) {
            throw noAnswer();
        }
        if (code >= 400 && code <= 499) {
            // A server that is busy is not one that lacks something.
            throw new MessagingException("not now");
        }
        if (config.tls() == TlsMode.STARTTLS && !isSSL() && !(understood && supportsExtension("STARTTLS"))) {
            confirmOffers();
            throw new MessagingException(
                    "no STARTTLS",
                    new CoreException(
                            ErrorCode.UNSUPPORTED,
                            "the mail server " + Failures.server(config) + " does not offer STARTTLS, and the "
                                    + "connection must be encrypted; check the port, or use implicit TLS"));
        }
        if (!understood && isSSL() && config.tls() == TlsMode.STARTTLS) {
            // Otherwise what it offered in clear, where anybody could have changed it, would still hold.
            throw new MessagingException(
                    "no EHLO",
                    new CoreException(
                            ErrorCode.UNAVAILABLE,
                            "the mail server " + Failures.server(config) + " refused EHLO after STARTTLS: " + reply()));
        }
        return understood;
    }

    /** MAIL FROM, with what the message needs and the server offers. */
    SmtpReply mail(MailAddress sender, boolean eightBit, boolean utf8) throws MessagingException {
        return command("MAIL FROM:<" + sender.address() + ">"
                + (eightBit ? " BODY=8BITMIME" : "")
                + (utf8 ? " SMTPUTF8" : ""));
    }

    SmtpReply receiver(MailAddress receiver) throws MessagingException {
        return command("RCPT TO:<" + receiver.address() + ">");
    }

    /**
     * DATA.
     *
     * @return the stream for the message, which doubles dots at the start of lines; null if the server refused, which
     *     {@link #reply} tells
     */
    synchronized @Nullable OutputStream content() throws MessagingException {
        try {
            return data();
        } catch (SMTPSendFailedException e) {
            if (e.getReturnCode() < 400) {
                throw new MessagingException("no answer to DATA", new IOException("the answer to DATA makes no sense"));
            }
            return null;
        }
    }

    /** The end of the message. From here on nobody but the server knows whether it has it. */
    SmtpReply end() throws MessagingException {
        return command(".");
    }

    /** Gives up what was begun. */
    SmtpReply reset() throws MessagingException {
        return command("RSET");
    }

    /** Says goodbye, for the server's log. */
    void quit() throws MessagingException {
        command("QUIT");
    }

    /** The last answer. */
    synchronized SmtpReply reply() {
        return SmtpReply.of(getLastReturnCode(), lastReply(), secrets);
    }

    /** The most bytes that the server says it takes; zero if it does not say. */
    long sizeLimit() {
        String limit = getExtensionParameter("SIZE");
        // More digits than fit are no limit.
        return limit != null && limit.matches("\\d{1,18}") ? Long.parseLong(limit) : 0;
    }

    private synchronized SmtpReply command(String line) throws MessagingException {
        int code = simpleCommand(line.getBytes(StandardCharsets.UTF_8));
        if (!wellFormed(code)) {
            throw noAnswer();
        }
        return reply();
    }

    /**
     * Offers that were cut short within their last line look like those of a server that offers less. One that goes on
     * answering has said all.
     */
    private void confirmOffers() throws MessagingException {
        command("NOOP");
    }

    private MessagingException noAnswer() {
        return new MessagingException(
                "no answer",
                new IOException(
                        lastReply().equals("[EOF]")
                                ? "the server closed the connection"
                                : "the server's answer is not one of SMTP"));
    }

    /**
     * Whether each line of the answer has this code, and the last one says that it is the last. Angus looks at the first
     * line, others may say the opposite, and where the connection ends in between it takes what there is for the whole.
     */
    private boolean wellFormed(int code) {
        List<Matcher> lines = lastReply().lines().map(LINE::matcher).toList();
        return !lines.isEmpty()
                && !lastReply()
                        .stripTrailing()
                        .lines()
                        .reduce("", (before, line) -> line)
                        .startsWith("-", 3)
                && lines.stream()
                        .allMatch(
                                line -> line.matches() && Integer.toString(code).equals(line.group(1)));
    }

    private String lastReply() {
        String reply = getLastServerResponse();
        return reply == null ? "" : reply;
    }
}
