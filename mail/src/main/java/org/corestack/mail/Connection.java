package org.corestack.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/** A conversation with its socket. Used by one thread at a time; only {@link #cut} may come from another. */
final class Connection {
    /** How long servers may take to say goodbye. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final Conversation conversation;
    private final MailSocket socket;
    private boolean broken;

    private Connection(Conversation conversation, MailSocket socket) {
        this.conversation = conversation;
        this.socket = socket;
    }

    /**
     * Connects, encrypts and logs in.
     *
     * @param made is given each socket before it is used, so that another thread can close it
     * @throws CoreException if that fails
     */
    static Connection open(MailConfig config, Session session, Dialer dialer, Consumer<MailSocket> made) {
        Login login = config.login();
        // Asked before anything is connected: a token may take its time, and servers do not wait for it.
        @Nullable String secret = login == null ? null : login.secret();
        Latest latest = new Latest(made);
        Conversation conversation = null;
        try {
            Socket socket = dialer.dial(latest);
            conversation = Conversation.begin(session, config, secret, socket);
            return new Connection(conversation, latest.socket());
        } catch (IOException e) {
            throw Failures.connecting(config, e, 0, "", Secrets.NONE);
        } finally {
            if (conversation == null) {
                latest.close();
            }
        }
    }

    Conversation conversation() {
        return conversation;
    }

    MailSocket socket() {
        return socket;
    }

    /** It must not be used again: what the server sends next answers something else. */
    void breakOff() {
        broken = true;
        cut();
    }

    boolean broken() {
        return broken || socket.isClosed();
    }

    /** Closes the socket at once, which ends whatever waits for it. */
    void cut() {
        close(socket);
    }

    /** Ends it politely where that is still possible. */
    void quit() {
        quitAll(List.of(this));
    }

    /** Ends them politely, as many as answer within a second altogether, and the others at once. */
    static void quitAll(List<Connection> connections) {
        long deadline = System.nanoTime() + GOODBYE.toNanos();
        connections.forEach(connection -> connection.quit(Duration.ofNanos(deadline - System.nanoTime())));
    }

    private void quit(Duration atMost) {
        if (!broken() && !atMost.isNegative() && !atMost.isZero()) {
            try {
                socket.answersWithin(atMost);
                conversation.quit();
            } catch (MessagingException | RuntimeException e) {
                // The server was faster, or answered with what Angus can't read; the connection ends either way.
                broken = true;
            }
        }
        cut();
    }

    private static void close(MailSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that can't be closed is closed.
            return;
        }
    }

    /** Remembers the socket that was made last, which is the one that was connected in the end. */
    private static final class Latest implements Consumer<MailSocket> {
        private final Consumer<MailSocket> next;
        private @Nullable MailSocket socket;

        Latest(Consumer<MailSocket> next) {
            this.next = next;
        }

        @Override
        public void accept(MailSocket made) {
            socket = made;
            next.accept(made);
        }

        MailSocket socket() {
            if (socket == null) {
                throw new IllegalStateException("connected without a socket");
            }
            return socket;
        }

        void close() {
            if (socket != null) {
                Connection.close(socket);
            }
        }
    }
}
