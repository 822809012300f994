package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears other processes say that they have committed something, on a connection of its own. Thread-safe.
 *
 * <p>It only shortens the wait for the next poll: nothing is lost without it. It never waits without a bound, as a
 * server that is gone without a word would never be missed, and asks for a sign of life now and then.
 */
final class Listener implements AutoCloseable {
    static final String CHANNEL = "corestack";

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final DataSource connections;
    private final String name;
    private final CommitSignals signals;
    private final Object lock = new Object();
    private @Nullable Thread thread; // guarded by lock
    private @Nullable Connection connection; // guarded by lock
    private final CountDownLatch closing = new CountDownLatch(1);

    Listener(DataSource connections, String name, CommitSignals signals) {
        this.connections = connections;
        this.name = name;
        this.signals = signals;
    }

    /** Begins to listen, unless it does already. */
    void start() {
        synchronized (lock) {
            if (thread == null && !isClosed()) {
                thread = new Thread(this::run, "corestack-listen-" + name);
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private void run() {
        while (!isClosed()) {
            try (Connection opened = connections.getConnection()) {
                if (keep(opened)) {
                    listen(opened);
                }
            } catch (SQLException | RuntimeException | Error e) {
                // Nothing is lost: the feeds poll, and say what is wrong.
                LOG.debug("the connection that listens was lost; it is made anew", e);
                pause();
            }
        }
    }

    private boolean keep(Connection opened) {
        synchronized (lock) {
            connection = opened;
            return !isClosed();
        }
    }

    private void listen(Connection opened) throws SQLException {
        try (Statement statement = opened.createStatement()) {
            opened.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
            opened.setAutoCommit(true); // a user's own may have it off, and nothing is heard within a transaction
            statement.execute("LISTEN " + CHANNEL);
            signals.fireAll(); // what was said before was not heard
            PGConnection pg = opened.unwrap(PGConnection.class);
            while (!isClosed()) {
                PGNotification[] heard = pg.getNotifications((int) WAIT.toMillis());
                if (heard == null || heard.length == 0) {
                    statement.execute("SELECT 1");
                    continue;
                }
                for (PGNotification one : heard) {
                    signals.heard(one.getParameter());
                }
            }
        }
    }

    private void pause() {
        try {
            closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("nobody interrupts this thread but a JVM that ends; it goes on", e);
        }
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        Connection open;
        Thread running;
        synchronized (lock) {
            closing.countDown();
            open = connection;
            running = thread;
        }
        if (open != null) {
            try {
                open.abort(Runnable::run); // closes the socket under the thread that waits there
            } catch (SQLException e) {
                LOG.debug("the connection that listens could not be ended", e);
            }
        }
        if (running != null) {
            try {
                running.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the thread ends by itself
            }
        }
    }
}
