package org.corestack.mail;

import jakarta.mail.Session;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.NotSent;
import org.jspecify.annotations.Nullable;

/** Sends over SMTP, through a pool of connections. */
final class SmtpSender implements Sender {
    private static final Duration THREADS = Duration.ofSeconds(2);

    private final MailConfig config;
    private final Dialer dialer;
    private final Session session;
    private final ConnectionPool pool;
    private final Workers workers;
    private final SecureRandom random = new SecureRandom();
    private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
    /** Why nothing is sent any more, once that is so. */
    private volatile @Nullable CoreException cutOff;

    SmtpSender(MailConfig config) {
        Tls tls = Tls.of(config);
        this.config = config;
        this.dialer = new Dialer(config, tls);
        this.session = Conversation.session(config, tls);
        this.pool = new ConnectionPool(config);
        this.workers = new Workers(config);
    }

    @Override
    public SendReport send(MailMessage message) {
        long deadline = deadline();
        Lease lease = pool.acquire(deadline);
        try {
            return new Sending(message, lease).await(deadline);
        } finally {
            lease.leave();
        }
    }

    @Override
    public List<SendReport> sendAll(List<MailMessage> messages) {
        try (Batch batch = new Batch()) {
            return messages.stream().map(batch::send).toList();
        }
    }

    @Override
    public void close() {
        if (!pool.drain(config.closeTimeout())) {
            CoreException why =
                    new CoreException(ErrorCode.CANCELED, "the mail client was closed while a message was being sent");
            // In this order, so that a message begun meanwhile is cut by who begins it.
            cutOff = why;
            running.forEach(attempt -> attempt.cut(why));
        }
        pool.close();
        workers.close(THREADS);
    }

    private long deadline() {
        return System.nanoTime() + config.totalTimeout().toNanos();
    }

    private SendReport notSent(MailMessage message, CoreException why) {
        return Envelope.of(message, config.from(), config.replyTo()).report(receiver -> new NotSent(receiver, why));
    }

    /** Messages one after the other over one lease, for as long as connections can be made. */
    private final class Batch implements AutoCloseable {
        private @Nullable Lease lease;
        private @Nullable CoreException over;

        SendReport send(MailMessage message) {
            if (over != null) {
                return notSent(message, over);
            }
            long deadline = deadline();
            Sending sending;
            try {
                lease = lease == null ? pool.acquire(deadline) : lease;
                sending = new Sending(message, lease);
            } catch (CoreException e) {
                over = e;
                return notSent(message, e);
            }
            try {
                return sending.await(deadline);
            } catch (CoreException e) {
                if (!sending.done()) {
                    // Its worker is stuck, and keeps the connection until it is not.
                    close();
                }
                // Without a connection the next message would only wait for the same.
                over = !sending.connected() || e.code() == ErrorCode.CANCELED ? e : null;
                return notSent(message, e);
            }
        }

        @Override
        public void close() {
            if (lease != null) {
                lease.leave();
                lease = null;
            }
        }
    }

    /** One message on its way over a lease's connection, which is opened if it is not there. */
    private final class Sending implements Attempt.Exchange {
        private final MailMessage message;
        private final Envelope envelope;
        private final Lease lease;
        private final Attempt attempt;
        private volatile boolean connected;

        Sending(MailMessage message, Lease lease) {
            this.message = message;
            this.envelope = Envelope.of(message, config.from(), config.replyTo());
            this.lease = lease;
            this.attempt = new Attempt(config, this);
        }

        SendReport await(long deadline) {
            lease.join();
            running.add(attempt);
            CoreException why = cutOff;
            if (why != null) {
                attempt.cut(why);
            }
            try {
                workers.execute(attempt::execute);
            } catch (RejectedExecutionException e) {
                leave();
                throw why == null ? MailClient.closed() : why;
            }
            return attempt.await(deadline);
        }

        @Override
        public void leave() {
            running.remove(attempt);
            lease.leave();
        }

        boolean connected() {
            return connected;
        }

        boolean done() {
            return attempt.done();
        }

        @Override
        public SendReport run(Attempt current) {
            SendReport report = overIdle(current);
            return report == null ? overFresh(current) : report;
        }

        /** Null if there is no idle connection, or the one that there was is of no more use. */
        private @Nullable SendReport overIdle(Attempt current) {
            Connection idle = lease.connection();
            if (idle == null) {
                return null;
            }
            current.use(idle.socket());
            connected = true;
            try {
                return transaction(idle).run(true, current);
            } catch (Transaction.StaleException e) {
                // Nothing was sent; a fresh connection decides.
                idle.quit();
                lease.connection(null);
                return null;
            }
        }

        private SendReport overFresh(Attempt current) {
            connected = false;
            Connection fresh = open(current);
            connected = true;
            lease.connection(fresh);
            try {
                return transaction(fresh).run(false, current);
            } catch (Transaction.StaleException e) {
                throw new IllegalStateException("a fresh connection can't be stale", e);
            }
        }

        private Transaction transaction(Connection connection) {
            return new Transaction(config, connection, message, envelope, random);
        }

        private Connection open(Attempt current) {
            try {
                return Connection.open(config, session, dialer, current::use);
            } catch (CoreException e) {
                CoreException reason = current.reason();
                throw reason == null ? e : reason;
            }
        }
    }
}
