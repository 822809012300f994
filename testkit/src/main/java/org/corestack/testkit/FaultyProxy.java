package org.corestack.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * A TCP proxy on the loopback interface that fails on purpose: it cuts, stalls, delays, half-closes or refuses what goes
 * through it. A test puts its address where the server's would be.
 *
 * <p>It begins as a plain proxy. A fault holds for the connections that are there and, where its method says so, for
 * those to come. {@link #after} arms a fault at an exact byte, so that a test can cut a reply in the middle.
 *
 * <p>Thread-safe. Each connection has two threads, which end with it; {@link #close} ends all. Not guaranteed: that
 * bytes which the proxy had taken over before a cut or a stall have reached the other side.
 */
public final class FaultyProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        /** From the client to the server. */
        TO_SERVER,
        /** From the server to the client. */
        TO_CLIENT
    }

    /** What goes wrong. */
    public enum Fault {
        /** Both sides' connections are reset: neither gets a clean end. */
        CUT,
        /** Nothing goes through in either direction any more, and nothing is closed. */
        STALL,
        /** The direction ends cleanly, as if its sender had finished; the other one goes on. */
        HALF_CLOSE
    }

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final FaultState state = new FaultState();
    private final Thread acceptor;
    private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();

    private FaultyProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
        this.acceptor = ProxyConnection.start("accept", this::accept);
    }

    /**
     * Opens a proxy on a free port of the loopback interface.
     *
     * @param host the server's host
     * @param port the server's port; nothing has to listen there yet
     * @return the proxy, to be closed
     * @throws CoreException with UNAVAILABLE if no port is free
     */
    public static FaultyProxy open(String host, int port) {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            return new FaultyProxy(new InetSocketAddress(Objects.requireNonNull(host, "host"), port), listener);
        } catch (IOException e) {
            throw new CoreException(ErrorCode.UNAVAILABLE, "the proxy found no free port", e);
        }
    }

    /** The host to give to the client instead of the server's. */
    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    /** The port to give to the client instead of the server's. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections are open through the proxy at present; a half-closed one counts. */
    public int connections() {
        return connections.size();
    }

    /** How many bytes have been passed on in a direction, over all connections. */
    public long bytes(Direction direction) {
        return state.bytes(direction);
    }

    /** Resets all connections that are there. New ones are served. */
    public void cut() {
        List.copyOf(connections).forEach(ProxyConnection::reset);
    }

    /** Stops to pass on bytes, on all connections, new ones too; {@link #heal} goes on where it stopped. */
    public void stall() {
        state.stall();
    }

    /** Ends one direction of all connections that are there, as if its sender had finished; the other one goes on. */
    public void halfClose(Direction direction) {
        List.copyOf(connections).forEach(connection -> connection.halfClose(direction));
    }

    /** Closes new connections at once until {@link #heal}; those that are there are left alone. */
    public void refuse() {
        state.refuse();
    }

    /**
     * Holds back each chunk of at most 8 KiB for this long, in both directions, on all connections, new ones too. So it
     * adds latency to a conversation, and makes a long transfer slow.
     *
     * @param delay zero for none
     */
    public void delay(Duration delay) {
        state.delay(delay);
    }

    /**
     * Arms a fault: it happens once, right after so many more bytes have been passed on in a direction, counted over all
     * connections from now. A new call replaces what was armed for that direction.
     *
     * @param direction whose bytes are counted
     * @param bytes how many more are passed on; zero lets none through
     * @param fault what happens then, to the connection that passed on the last of them; a stall holds for all
     */
    public void after(Direction direction, long bytes, Fault fault) {
        state.arm(direction, bytes, fault);
    }

    /** Ends stalls, delays, refusals and armed faults. What was cut or half-closed stays so. */
    public void heal() {
        state.heal();
    }

    /** Closes the port and all connections. Does nothing the second time. */
    @Override
    public void close() {
        closeQuietly(listener);
        cut();
        state.close();
        try {
            // The port is free only when the thread that waited for a client on it has left it.
            acceptor.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        boolean open = true;
        while (open) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                // The port was closed, or one client was gone before it was served, which is nobody's failure.
                open = !listener.isClosed();
            }
        }
    }

    private void serve(Socket client) throws IOException {
        if (state.refuses()) {
            ProxyConnection.reset(client);
            return;
        }
        Socket server = new Socket();
        try {
            server.connect(target, 5_000);
        } catch (IOException e) {
            // The client sees what it would see of a server that went away.
            ProxyConnection.reset(client);
            return;
        }
        ProxyConnection connection = new ProxyConnection(client, server, state, connections::remove);
        connections.add(connection);
        connection.start();
        if (listener.isClosed()) {
            connection.reset();
        }
    }

    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // Closing is all that was wanted of it, and a socket that can't be closed is closed.
            return;
        }
    }
}
