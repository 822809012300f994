package org.corestack.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.corestack.errors.CoreException;
import org.corestack.testkit.FaultyProxy.Direction;
import org.corestack.testkit.FaultyProxy.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each fault against a server that sends back what it gets, and says goodbye once its client has finished. */
class FaultyProxyTest {
    private Echo echo;
    private FaultyProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new Echo();
        proxy = FaultyProxy.open("127.0.0.1", echo.port());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("faulty-proxy-")));
    }

    @Test
    void passesBytesBothWaysAndTheEndAfterThem() throws IOException {
        try (Socket client = connect()) {
            send(client, "hello");
            assertThat(read(client, 5)).isEqualTo("hello");
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("bye");
        }
        await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
        assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(5);
        assertThat(proxy.bytes(Direction.TO_CLIENT)).isEqualTo(8);
    }

    @Test
    void cutResetsWhatIsThereAndServesWhatComes() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "a");
            proxy.cut();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        await().untilAsserted(() -> assertThat(echo.broken).hasSize(1));
        try (Socket client = connect()) {
            exchange(client, "b");
        }
    }

    @Test
    void stallPassesNothingAndLosesNothing() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "a");
            proxy.stall();
            send(client, "later");
            client.setSoTimeout(150);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            client.setSoTimeout(5_000);
            assertThat(read(client, 5)).isEqualTo("later");
        }
    }

    @Test
    void delayHoldsEachChunkBack() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "a");
            proxy.delay(Duration.ofMillis(60));
            long began = System.nanoTime();
            exchange(client, "b");
            // once to the server and once back
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        }
        assertThatThrownBy(() -> proxy.delay(Duration.ofMillis(-1))).isInstanceOf(CoreException.class);
    }

    @Test
    void halfCloseEndsOneDirectionAndLeavesTheOther() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "a");
            proxy.halfClose(Direction.TO_SERVER);
            // The server believes that its client has finished, and its last words still come through.
            assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("bye");
            send(client, "dropped");
        }
        assertThat(echo.received).doesNotContain("dropped");
    }

    @Test
    void refuseTurnsAwayWhatComesAndLeavesWhatIsThere() throws IOException {
        try (Socket early = connect()) {
            exchange(early, "a");
            proxy.refuse();
            try (Socket late = connect()) {
                assertThatThrownBy(() -> late.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            exchange(early, "b");
            proxy.heal();
            try (Socket late = connect()) {
                exchange(late, "c");
            }
        }
    }

    @Test
    void aFaultComesAtItsByteAndOnce() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "a");
            proxy.after(Direction.TO_CLIENT, 3, Fault.CUT);
            send(client, "0123456789");
            assertThat(read(client, 3)).isEqualTo("012");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = connect()) {
            exchange(client, "0123456789");
        }
    }

    @Test
    void aStallComesAtItsByteAndHealsWithoutLoss() throws IOException {
        try (Socket client = connect()) {
            proxy.after(Direction.TO_SERVER, 4, Fault.STALL);
            send(client, "0123456789");
            await().untilAsserted(() -> assertThat(echo.received).containsExactly("0123"));
            client.setSoTimeout(150);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            client.setSoTimeout(5_000);
            assertThat(read(client, 10)).isEqualTo("0123456789");
        }
    }

    @Test
    void aHalfCloseComesAtItsByte() throws IOException {
        try (Socket client = connect()) {
            proxy.after(Direction.TO_CLIENT, 4, Fault.HALF_CLOSE);
            send(client, "0123456789");
            assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("0123");
            send(client, "still heard");
            await().untilAsserted(
                            () -> assertThat(String.join("", echo.received)).endsWith("still heard"));
        }
        assertThatThrownBy(() -> proxy.after(Direction.TO_CLIENT, -1, Fault.CUT))
                .isInstanceOf(CoreException.class);
    }

    @Test
    void aServerThatIsNotThereLooksLikeOneThatWentAway() throws IOException {
        int free;
        try (ServerSocket nobody = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            free = nobody.getLocalPort();
        }
        proxy.close();
        proxy = FaultyProxy.open("127.0.0.1", free);
        try (Socket client = connect()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void closeEndsEverythingAndTwiceIsOnce() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "a");
            proxy.stall();
            send(client, "b");
            proxy.close();
            proxy.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(proxy.connections()).isZero();
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.host(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static void exchange(Socket client, String text) throws IOException {
        send(client, text);
        assertThat(read(client, text.length())).isEqualTo(text);
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static String read(Socket client, int count) throws IOException {
        return new String(client.getInputStream().readNBytes(count), UTF_8);
    }

    /** Sends back what it gets. */
    private static final class Echo {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<String> received = new CopyOnWriteArrayList<>();
        private final List<IOException> broken = new CopyOnWriteArrayList<>();

        Echo() throws IOException {
            daemon(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        void close() throws IOException {
            listener.close();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    daemon(() -> serve(socket));
                }
            } catch (IOException e) {
                assertThat(listener.isClosed()).isTrue();
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                InputStream in = socket.getInputStream();
                byte[] chunk = new byte[1024];
                int count;
                while ((count = in.read(chunk)) >= 0) {
                    received.add(new String(chunk, 0, count, UTF_8));
                    socket.getOutputStream().write(chunk, 0, count);
                }
                send(socket, "bye");
            } catch (IOException e) {
                broken.add(e);
            }
        }

        private static void daemon(Runnable task) {
            Thread thread = new Thread(task, "echo");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
