package org.corestack.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.corestack.testkit.FaultyProxy.Direction;
import org.corestack.testkit.FaultyProxy.Fault;

/** One client's connection through the proxy, with a thread for each direction. */
final class ProxyConnection {
    private static final int CHUNK = 8 * 1024;

    private final Socket client;
    private final Socket server;
    private final FaultState state;
    private final Consumer<ProxyConnection> gone;
    private final Set<Direction> ended = ConcurrentHashMap.newKeySet();
    private final AtomicInteger pumping = new AtomicInteger(2);

    ProxyConnection(Socket client, Socket server, FaultState state, Consumer<ProxyConnection> gone) throws IOException {
        this.client = client;
        this.server = server;
        this.state = state;
        this.gone = gone;
        // What the two sides exchange is passed on as it comes, not gathered.
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        start("to-server", () -> pump(client, server, Direction.TO_SERVER));
        start("to-client", () -> pump(server, client, Direction.TO_CLIENT));
    }

    static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, "faulty-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    void reset() {
        reset(client);
        reset(server);
        gone.accept(this);
    }

    /** Closes with a reset instead of a clean end. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already; closing it again does no harm.
        }
        FaultyProxy.closeQuietly(socket);
    }

    void halfClose(Direction direction) {
        Socket to = direction == Direction.TO_SERVER ? server : client;
        ended.add(direction);
        try {
            to.shutdownOutput();
        } catch (IOException e) {
            // It was closed meanwhile, so that direction has ended as well.
            return;
        }
    }

    private void pump(Socket from, Socket to, Direction direction) {
        try {
            copy(from.getInputStream(), to.getOutputStream(), direction);
            halfClose(direction);
        } catch (IOException e) {
            // One side broke off, so the other one hears of it in the same hard way.
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        } finally {
            if (pumping.decrementAndGet() == 0) {
                FaultyProxy.closeQuietly(client);
                FaultyProxy.closeQuietly(server);
                gone.accept(this);
            }
        }
    }

    private void copy(InputStream in, OutputStream out, Direction direction) throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK];
        int count;
        while ((count = in.read(chunk)) >= 0) {
            int from = 0;
            while (from < count) {
                FaultState.Permit permit = state.await(direction, count - from, () -> !client.isClosed());
                // After a half-close the rest is taken and dropped, so that its sender does not block.
                if (!ended.contains(direction)) {
                    out.write(chunk, from, permit.bytes());
                }
                from += permit.bytes();
                if (permit.then() == Fault.CUT) {
                    reset();
                    return;
                }
                if (permit.then() == Fault.HALF_CLOSE) {
                    halfClose(direction);
                }
            }
        }
    }
}
