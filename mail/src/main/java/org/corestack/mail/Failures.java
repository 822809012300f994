package org.corestack.mail;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Base64;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Makes errors of what Angus and the JDK throw: the one place where that happens.
 *
 * <p>The cause that is kept is the JDK's and never Angus's, whose messages repeat what the server said, and that may be a
 * password.
 */
final class Failures {
    private static final Pattern CHALLENGE = Pattern.compile("334[ -]([A-Za-z0-9+/=]{1,4000})\\s*");

    private Failures() {}

    /** How errors name the server. */
    static String server(MailConfig config) {
        return config.host() + ":" + config.port();
    }

    /** For a failure while connecting, greeting or logging in. */
    static CoreException connecting(MailConfig config, Exception error, int code, String lastReply, Secrets secrets) {
        CoreException ours = find(error, CoreException.class);
        if (ours != null) {
            return ours;
        }
        IOException io = find(error, IOException.class);
        String what = "the mail server " + server(config);
        if (io != null) {
            return network(what + " can't be used: ", io, "the connect or read timeout passed");
        }
        if (code < 200) {
            // Angus takes the end of the connection for a wrong password.
            return new CoreException(
                    ErrorCode.UNAVAILABLE, what + " closed the connection, or its answer is not one of SMTP");
        }
        SmtpReply reply = SmtpReply.of(code, readable(lastReply), secrets);
        if (reply.temporary()) {
            return new CoreException(ErrorCode.UNAVAILABLE, what + " can't serve now: " + reply);
        }
        if (error instanceof AuthenticationFailedException) {
            Login login = config.login();
            String who = login == null ? "" : " the user " + login.user() + " with this " + login.kind();
            return new CoreException(ErrorCode.UNAUTHORIZED, what + " does not accept" + who + ": " + reply);
        }
        return new CoreException(
                code >= 500 ? ErrorCode.FORBIDDEN : ErrorCode.UNAVAILABLE, what + " refuses to talk: " + reply);
    }

    /** For a connection that broke, or an attachment that failed, while a message was being sent. */
    static CoreException sending(MailConfig config, Exception error) {
        if (error instanceof AttachmentException attachment) {
            return attachment(attachment);
        }
        CoreException ours = find(error, CoreException.class);
        if (ours != null) {
            return ours;
        }
        IOException io = find(error, IOException.class);
        String what = "the connection to the mail server " + server(config) + " failed: ";
        return io == null
                ? new CoreException(ErrorCode.UNAVAILABLE, what + "it broke off")
                : network(what, io, "the read timeout passed");
    }

    /** For an attachment that can't be read. */
    static CoreException attachment(AttachmentException error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        ErrorCode code = ErrorCode.of(cause);
        return new CoreException(
                code == ErrorCode.UNKNOWN ? ErrorCode.INVALID_ARGUMENT : code,
                error.getMessage() + "; the message was not sent",
                cause);
    }

    private static CoreException network(String what, IOException error, String timeout) {
        if (error instanceof UnknownHostException) {
            return new CoreException(ErrorCode.UNAVAILABLE, what + "its name is not known", error);
        }
        if (error instanceof SocketTimeoutException) {
            return new CoreException(ErrorCode.DEADLINE_EXCEEDED, what + timeout, error);
        }
        if (find(error, CertificateException.class) != null) {
            return new CoreException(
                    ErrorCode.UNAUTHORIZED,
                    what + "its certificate is not trusted or is for another name: " + error.getMessage(),
                    error);
        }
        if (error instanceof SSLException && find(error, SocketTimeoutException.class) != null) {
            return new CoreException(ErrorCode.DEADLINE_EXCEEDED, what + timeout, error);
        }
        String kind = error instanceof SSLException ? "encryption failed: " : "";
        return new CoreException(ErrorCode.UNAVAILABLE, what + kind + error.getMessage(), error);
    }

    /** A refused OAuth2 token is explained in Base64. */
    private static String readable(String reply) {
        Matcher matcher = CHALLENGE.matcher(reply);
        if (!matcher.matches()) {
            return reply;
        }
        try {
            byte[] explanation = Base64.getDecoder().decode(matcher.group(1));
            return "334 " + new String(explanation, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // It was not Base64 after all, and is shown as it came.
            return reply;
        }
    }

    private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        @Nullable Throwable current = error;
        while (current != null && seen.add(current)) {
            if (type.isInstance(current)) {
                return type.cast(current);
            }
            current = current instanceof MessagingException mail ? mail.getNextException() : current.getCause();
        }
        return null;
    }
}
