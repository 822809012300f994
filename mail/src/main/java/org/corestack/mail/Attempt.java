package org.corestack.mail;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * One message, sent by a worker while its caller waits and keeps the time.
 *
 * <p>The caller cuts the connection when the time is up; the worker then fails, and knows better than the caller whether the
 * server has the message. The monitor guards worker, socket and reason, so that nothing is cut or interrupted that belongs
 * to a later attempt; and it decides whether the end of the message or the cut comes first, so that a caller who can't wait
 * for the worker's answer still tells the truth.
 */
final class Attempt {
    /** How long a cut connection may take to be noticed before the worker is taken for stuck. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private static final Duration LONGEST_SLICE = Duration.ofMillis(100);

    private final MailConfig config;
    private final Exchange exchange;
    private final FutureTask<SendReport> task = new FutureTask<>(this::run);
    private @Nullable Thread worker;
    private @Nullable MailSocket socket;
    private @Nullable CoreException reason;
    /** What is known of the message while its end is with the server; null before. */
    private @Nullable Function<CoreException, SendReport> uncertain;

    /** What the worker does. */
    interface Exchange {
        /**
         * Sends the message.
         *
         * @param attempt is told each socket before it is used, and makes the errors
         */
        SendReport run(Attempt attempt);

        /** Gives back what it used. From here on nothing of it is cut. */
        void leave();
    }

    Attempt(MailConfig config, Exchange exchange) {
        this.config = config;
        this.exchange = exchange;
    }

    /** For the worker. */
    void execute() {
        task.run();
    }

    /** Whether the worker has left. */
    boolean done() {
        return task.isDone();
    }

    /** Tells which socket to cut. Throws if it is too late already. */
    void use(MailSocket used) {
        CoreException over;
        synchronized (this) {
            socket = used;
            over = reason;
        }
        if (over != null) {
            throw over;
        }
    }

    /**
     * The end of the message is about to be sent. Throws if the attempt was cut before; afterwards the message counts as one
     * that the server may have.
     *
     * @param ifUnknown makes the report of who did not wait for the server's answer
     */
    synchronized void ending(Function<CoreException, SendReport> ifUnknown) {
        if (reason != null) {
            throw reason;
        }
        uncertain = ifUnknown;
    }

    /** The error of a connection that broke: the reason if it was cut, otherwise what the failure says. */
    CoreException failure(Exception error) {
        synchronized (this) {
            if (reason != null) {
                return reason;
            }
        }
        return Failures.sending(config, error);
    }

    /** The reason for which the attempt was cut, if it was. */
    synchronized @Nullable CoreException reason() {
        return reason;
    }

    /**
     * Waits for the worker's answer.
     *
     * @param deadline by {@link System#nanoTime}
     */
    SendReport await(long deadline) {
        long slice = Math.min(LONGEST_SLICE.toNanos(), config.writeTimeout().toNanos() / 2);
        try {
            while (true) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return giveUp(new CoreException(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "the total timeout of " + config.totalTimeout() + " passed before the mail server "
                                    + Failures.server(config) + " had taken the message"));
                }
                if (writingFor() > config.writeTimeout().toNanos()) {
                    return giveUp(new CoreException(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "the mail server " + Failures.server(config) + " read nothing for the write timeout of "
                                    + config.writeTimeout()));
                }
                try {
                    return task.get(Math.min(left, slice), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    continue;
                }
            }
        } catch (InterruptedException e) {
            try {
                return giveUp(new CoreException(ErrorCode.CANCELED, "sending a message was interrupted", e));
            } finally {
                Thread.currentThread().interrupt();
            }
        } catch (ExecutionException e) {
            throw error(e.getCause());
        }
    }

    /**
     * Cuts what is going on, from any thread; does nothing when that is over.
     *
     * <p>The connection first: a stream that takes the interrupt for its end would otherwise get the message's end out.
     */
    synchronized void cut(CoreException why) {
        if (reason == null) {
            reason = why;
        }
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // A socket that can't be closed is closed.
                why.addSuppressed(e);
            }
        }
        if (worker != null) {
            // For a token's supplier or an attachment's stream that waits for something else than the socket.
            worker.interrupt();
        }
    }

    private SendReport giveUp(CoreException why) {
        cut(why);
        try {
            return task.get(GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return unknown(why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown(why);
        } catch (ExecutionException e) {
            throw error(e.getCause());
        }
    }

    /** The worker has not answered: what can be said without it. */
    private synchronized SendReport unknown(CoreException why) {
        if (uncertain == null) {
            // It was cut, so it will not send the end any more.
            throw why;
        }
        return uncertain.apply(why);
    }

    private synchronized long writingFor() {
        return socket == null ? 0 : socket.writingFor();
    }

    private SendReport run() {
        synchronized (this) {
            worker = Thread.currentThread();
        }
        try {
            return exchange.run(this);
        } finally {
            synchronized (this) {
                worker = null;
                socket = null;
            }
            // An interrupt was for this attempt, not for the next one on this thread.
            boolean ignored = Thread.interrupted();
            // Before the answer is handed over, so that the caller's next message finds the connection idle.
            exchange.leave();
        }
    }

    /** The same error with the caller's stack, which says who sent. */
    private static CoreException error(@Nullable Throwable error) {
        if (error instanceof Error fatal) {
            throw fatal;
        }
        if (error instanceof CoreException core) {
            return new CoreException(core.code(), core.getMessage(), core.getCause() == null ? core : core.getCause());
        }
        return new CoreException(ErrorCode.UNKNOWN, "sending a message failed for a reason of its own", error);
    }
}
