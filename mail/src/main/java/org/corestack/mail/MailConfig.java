package org.corestack.mail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a {@link MailClient} sends. Immutable; {@link #toString} hides what is secret.
 *
 * <p>Only a host and a sender are needed. By default the connection is encrypted by STARTTLS and refused otherwise, the
 * server's certificate and name are verified, connecting may take 10 s, each answer 60 s, each write 30 s, a whole message
 * 2 minutes, and there are at most 4 connections at once, each closed after 30 s without use.
 */
public final class MailConfig {
    private final String host;
    private final int port;
    private final TlsMode tls;
    private final @Nullable SSLContext sslContext;
    private final MailAddress from;
    private final List<MailAddress> replyTo;
    private final @Nullable Login login;
    private final Duration connectTimeout;
    private final Duration readTimeout;
    private final Duration writeTimeout;
    private final Duration totalTimeout;
    private final Duration idleTimeout;
    private final Duration closeTimeout;
    private final int connections;
    private final @Nullable String helloName;
    private final @Nullable Path folder;

    private MailConfig(Builder builder, MailAddress from) {
        host = builder.host;
        tls = builder.tls;
        port = builder.port == 0 ? tls.defaultPort() : builder.port;
        sslContext = builder.sslContext;
        this.from = from;
        replyTo = List.copyOf(builder.replyTo);
        login = builder.login;
        connectTimeout = builder.connectTimeout;
        readTimeout = builder.readTimeout;
        writeTimeout = builder.writeTimeout;
        totalTimeout = builder.totalTimeout;
        idleTimeout = builder.idleTimeout;
        closeTimeout = builder.closeTimeout;
        connections = builder.connections;
        helloName = builder.helloName;
        folder = builder.folder;
    }

    /**
     * A builder of a configuration.
     *
     * @param host the server's name, which its certificate must hold, or its IP address
     */
    public static Builder builder(String host) {
        return new Builder(host);
    }

    /** The server's name or IP address. */
    public String host() {
        return host;
    }

    /** The server's port. */
    public int port() {
        return port;
    }

    /** How the connection is encrypted. */
    public TlsMode tls() {
        return tls;
    }

    /** The sender of messages that name none themselves. */
    public MailAddress from() {
        return from;
    }

    /** Where answers go to messages that do not say it themselves; empty for the sender. */
    public List<MailAddress> replyTo() {
        return replyTo;
    }

    /** The user who logs in, if one does. */
    public Optional<String> user() {
        return Optional.ofNullable(login).map(Login::user);
    }

    /** How long connecting may take, over all addresses of the host. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** How long the server may take for one answer. */
    public Duration readTimeout() {
        return readTimeout;
    }

    /** How long the server may leave a write waiting. */
    public Duration writeTimeout() {
        return writeTimeout;
    }

    /** How long a message may take altogether, waiting for a connection included. */
    public Duration totalTimeout() {
        return totalTimeout;
    }

    /** How long a connection is kept without use. */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /** How long closing the client waits for messages that are being sent. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** How many connections there are at most. */
    public int connections() {
        return connections;
    }

    /** The folder of the test mode: where messages are written instead of being sent. */
    public Optional<Path> folder() {
        return Optional.ofNullable(folder);
    }

    /** Everything but the password or token. */
    @Override
    public String toString() {
        return "MailConfig[" + host + ":" + port + ", " + tls + ", from " + from
                + (login == null ? "" : ", user " + login.user() + ", " + login.kind() + " " + Secrets.HIDDEN)
                + (folder == null ? "" : ", folder " + folder) + "]";
    }

    @Nullable
    SSLContext sslContext() {
        return sslContext;
    }

    @Nullable
    Login login() {
        return login;
    }

    @Nullable
    String helloName() {
        return helloName;
    }

    /**
     * Collects a configuration. Not thread-safe. Each method gives the builder back and throws a {@link CoreException} with
     * INVALID_ARGUMENT for what can't be used.
     */
    public static final class Builder {
        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_:](?:[A-Za-z0-9_.:-]{0,251}[A-Za-z0-9_:])?");
        private static final Pattern HELLO =
                Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[A-Za-z0-9.:]{2,60}]");

        private final String host;
        private int port;
        private TlsMode tls = TlsMode.STARTTLS;
        private @Nullable SSLContext sslContext;
        private @Nullable MailAddress from;
        private final List<MailAddress> replyTo = new ArrayList<>();
        private @Nullable Login login;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration readTimeout = Duration.ofSeconds(60);
        private Duration writeTimeout = Duration.ofSeconds(30);
        private Duration totalTimeout = Duration.ofMinutes(2);
        private Duration idleTimeout = Duration.ofSeconds(30);
        private Duration closeTimeout = Duration.ofSeconds(10);
        private int connections = 4;
        private @Nullable String helloName;
        private @Nullable Path folder;

        private Builder(String host) {
            boolean colons = Objects.requireNonNull(host, "host").contains(":");
            if (!HOST.matcher(host).matches() || (colons && !IpLiterals.isIpv6(host))) {
                throw CoreException.invalidArgument("the mail server's host must be a name in ASCII or an IP address, "
                        + "without brackets; the port is set by a method of its own");
            }
            this.host = host;
        }

        /** The server's port; by default the one that is usual for the kind of encryption: 587, 465 or 25. */
        public Builder port(int number) {
            if (number < 1 || number > 65_535) {
                throw CoreException.invalidArgument("the mail server's port is " + number + "; it must be 1 to 65535");
            }
            port = number;
            return this;
        }

        /** How the connection is encrypted; {@link TlsMode#STARTTLS} by default. */
        public Builder tls(TlsMode mode) {
            tls = Objects.requireNonNull(mode, "tls");
            return this;
        }

        /**
         * Certificates and keys of one's own, for a server whose certificate comes from a private authority. The server's
         * name is verified with it too.
         */
        public Builder sslContext(SSLContext context) {
            sslContext = Objects.requireNonNull(context, "sslContext");
            return this;
        }

        /** The sender of all messages that name none themselves. */
        public Builder from(MailAddress address) {
            from = Objects.requireNonNull(address, "from");
            return this;
        }

        /** The sender, as {@link MailAddress#parse} reads it. */
        public Builder from(String address) {
            return from(MailAddress.parse(address));
        }

        /** Adds addresses to which answers go, for messages that do not say it themselves. */
        public Builder replyTo(MailAddress... addresses) {
            replyTo.addAll(List.of(addresses));
            return this;
        }

        /** Adds an address to which answers go, as {@link MailAddress#parse} reads it. */
        public Builder replyTo(String address) {
            return replyTo(MailAddress.parse(address));
        }

        /** Logs in with a password (PLAIN or LOGIN, what the server offers). */
        public Builder login(String user, String password) {
            login = Login.password(user, password);
            return this;
        }

        /** Logs in with an OAuth2 access token (XOAUTH2), for which the supplier is asked for each connection. */
        public Builder login(String user, TokenSupplier tokens) {
            login = Login.token(user, tokens);
            return this;
        }

        /** How long connecting may take. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = Checks.timeout("the connect timeout", timeout);
            return this;
        }

        /** How long the server may take for one answer. */
        public Builder readTimeout(Duration timeout) {
            readTimeout = Checks.timeout("the read timeout", timeout);
            return this;
        }

        /** How long the server may leave a write waiting. */
        public Builder writeTimeout(Duration timeout) {
            writeTimeout = Checks.timeout("the write timeout", timeout);
            return this;
        }

        /** How long a message may take altogether, waiting for a connection included. */
        public Builder totalTimeout(Duration timeout) {
            totalTimeout = Checks.timeout("the total timeout", timeout);
            return this;
        }

        /** How long a connection is kept without use. Servers close idle ones themselves, which does no harm. */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = Checks.timeout("the idle timeout", timeout);
            return this;
        }

        /** How long closing the client waits for messages that are being sent, before it cuts them off. */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = Checks.timeout("the close timeout", timeout);
            return this;
        }

        /** How many connections there are at most; who sends while all are busy waits. */
        public Builder connections(int most) {
            if (most < 1 || most > 1_000) {
                throw CoreException.invalidArgument("the number of connections is " + most + "; it must be 1 to 1000");
            }
            connections = most;
            return this;
        }

        /**
         * How the client calls itself to the server (EHLO): its full domain name. By default it is its IP address in
         * brackets, with which no name of an inner machine gets out.
         */
        public Builder helloName(String name) {
            if (!HELLO.matcher(Objects.requireNonNull(name, "helloName")).matches()) {
                throw CoreException.invalidArgument(
                        "the client's own name must be a domain name or an IP address in brackets");
            }
            helloName = name;
            return this;
        }

        /**
         * The test mode: each message is written as a file {@code .eml} into this folder, which is made if it is not there,
         * and nothing is sent. Host, login and timeouts are not used then.
         */
        public Builder folder(Path directory) {
            folder = Objects.requireNonNull(directory, "folder");
            return this;
        }

        /**
         * The configuration.
         *
         * @throws CoreException with INVALID_ARGUMENT if there is no sender
         */
        public MailConfig build() {
            if (from == null) {
                throw CoreException.invalidArgument("the configuration has no sender; it needs a from address");
            }
            return new MailConfig(this, from);
        }
    }
}
