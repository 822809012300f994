package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.Uncertain;
import org.corestack.testkit.FaultyProxy;
import org.corestack.testkit.FaultyProxy.Direction;
import org.corestack.testkit.FaultyProxy.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing waits for longer than it was told, whoever it is that does not answer. */
class TimeoutsTest extends ScriptedServerTest {
    private static final Duration SHORT = Duration.ofMillis(250);
    /** For a machine that does much else. */
    private static final Duration AT_MOST = Duration.ofSeconds(4);

    private FaultyProxy proxy;

    @BeforeEach
    void open() throws IOException {
        proxy = FaultyProxy.open("127.0.0.1", server.port());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {ScriptedServer.GREETING, "EHLO", "MAIL", "RCPT", "DATA"})
    void aSilentServerIsLeft(String command) {
        server.next(command, ScriptedServer.SILENT);
        try (MailClient client = MailClient.open(config().readTimeout(SHORT).build())) {
            expect(client, ErrorCode.DEADLINE_EXCEEDED, "read timeout");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ScriptedServer.GREETING, "EHLO", "MAIL", "RCPT", "DATA"})
    void aServerThatDripsItsAnswerIsLeft(String command) {
        server.next(command, ScriptedServer.DRIP);
        try (MailClient client = MailClient.open(config().readTimeout(SHORT).build())) {
            expect(client, ErrorCode.DEADLINE_EXCEEDED, "read timeout");
        }
    }

    @Test
    void aSilentServerThatHasTheMessageLeavesItUncertain() {
        server.next(".", ScriptedServer.SILENT);
        try (MailClient client = MailClient.open(config().readTimeout(SHORT).build())) {
            SendReport report = client.send(TestMail.message());
            assertThat(report.results()).hasExactlyElementsOfTypes(Uncertain.class);
            CoreException error = catchThrowableOfType(CoreException.class, report::orThrow);
            assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void theTotalTimeoutLeavesItUncertainToo() {
        server.next(".", ScriptedServer.SILENT);
        try (MailClient client =
                MailClient.open(config().totalTimeout(Duration.ofMillis(800)).build())) {
            SendReport report = client.send(TestMail.message());
            assertThat(report.results()).hasExactlyElementsOfTypes(Uncertain.class);
            assertThat(((Uncertain) report.results().get(0)).error().getMessage())
                    .contains("total timeout");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsMode.class)
    void aServerThatTakesTheConnectionAndNothingElse(TlsMode mode) {
        proxy.stall();
        try (MailClient client =
                MailClient.open(config().tls(mode).readTimeout(SHORT).build())) {
            expect(client, ErrorCode.DEADLINE_EXCEEDED, "read timeout");
        }
    }

    @Test
    void aServerThatDoesNotTakeTheConnection() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Nobody accepts: when its queue is full the system does not answer any more.
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 100);
                } catch (java.net.SocketTimeoutException e) {
                    break;
                }
            }
            try (MailClient client = MailClient.open(
                    TestMail.config(full.getLocalPort()).connectTimeout(SHORT).build())) {
                expect(client, ErrorCode.DEADLINE_EXCEEDED, "connect");
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void aServerThatStopsReading() {
        proxy.after(Direction.TO_SERVER, 100_000, Fault.STALL);
        try (MailClient client = MailClient.open(config().writeTimeout(SHORT).build())) {
            expect(client, endless(), ErrorCode.DEADLINE_EXCEEDED, "write timeout");
        }
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void aServerThatIsSlowEachTime() {
        proxy.delay(Duration.ofMillis(120));
        try (MailClient client = MailClient.open(config().readTimeout(Duration.ofSeconds(2))
                .totalTimeout(Duration.ofMillis(500))
                .build())) {
            expect(client, ErrorCode.DEADLINE_EXCEEDED, "total timeout");
        }
    }

    @Test
    void aServerThatIsSlowIsFastEnoughWithTime() {
        proxy.delay(Duration.ofMillis(20));
        try (MailClient client = MailClient.open(config().build())) {
            client.send(TestMail.message()).orThrow();
        }
    }

    @Test
    void aTokenThatDoesNotCome() throws InterruptedException {
        server.offers("AUTH XOAUTH2");
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch left = new CountDownLatch(1);
        try (MailClient client = MailClient.open(config().totalTimeout(SHORT)
                .login("ann", () -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        left.countDown();
                        throw e;
                    }
                    return "never";
                })
                .build())) {
            expect(client, ErrorCode.DEADLINE_EXCEEDED, "total timeout");
            left.await();
            assertThat(interrupted).isTrue();
        }
    }

    @Test
    void anAttachmentThatDoesNotCome() throws IOException {
        try (PipedOutputStream feeder = new PipedOutputStream();
                PipedInputStream pipe = new PipedInputStream(feeder);
                MailClient client = MailClient.open(
                        config().totalTimeout(Duration.ofMillis(600)).build())) {
            MailMessage message = TestMail.to("ann@example.org")
                    .attach(Attachment.of("a.bin", "application/octet-stream", () -> pipe))
                    .build();
            expect(client, message, ErrorCode.DEADLINE_EXCEEDED, "total timeout");
            assertThat(server.mails()).isEmpty();
        }
    }

    /** User code that can't be interrupted keeps its own connection's place, and nobody else. */
    @Test
    void aStuckWorkerDoesNotHoldItsCaller() {
        AtomicBoolean stuck = new AtomicBoolean(true);
        server.offers("AUTH XOAUTH2");
        try (MailClient client = MailClient.open(config().totalTimeout(SHORT)
                .connections(1)
                .login("ann", () -> {
                    while (stuck.get()) {
                        Thread.onSpinWait();
                    }
                    return "token";
                })
                .build())) {
            expect(client, ErrorCode.DEADLINE_EXCEEDED, "total timeout");
            expect(client, ErrorCode.DEADLINE_EXCEEDED, "were busy");
            stuck.set(false);
            await().untilAsserted(() -> client.send(TestMail.message()).orThrow());
        }
        assertThat(server.mails())
                .as("what was given up is not sent afterwards")
                .hasSize(1);
    }

    @Test
    void anInterruptIsHeardAtOnceAndKept() throws InterruptedException {
        server.next("MAIL", ScriptedServer.SILENT);
        AtomicReference<CoreException> error = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        try (MailClient client = MailClient.open(config().build())) {
            Thread thread = new Thread(() -> {
                error.set(catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message())));
                flag.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
            await().until(() -> server.commands().stream().anyMatch(line -> line.startsWith("MAIL")));
            thread.interrupt();
            thread.join(AT_MOST.toMillis());
            assertThat(thread.isAlive()).isFalse();
            assertThat(error.get().code()).isEqualTo(ErrorCode.CANCELED);
            assertThat(flag).isTrue();
            client.send(TestMail.message()).orThrow();
        }
    }

    @Test
    void anInterruptWhileTheServerHasTheMessageLeavesItUncertain() throws InterruptedException {
        server.next(".", ScriptedServer.SILENT);
        AtomicReference<SendReport> report = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        try (MailClient client = MailClient.open(config().build())) {
            Thread thread = new Thread(() -> {
                report.set(client.send(TestMail.message()));
                flag.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
            await().until(() -> server.mails().size() == 1);
            thread.interrupt();
            thread.join(AT_MOST.toMillis());
            assertThat(flag).isTrue();
            Uncertain uncertain = (Uncertain) report.get().results().get(0);
            assertThat(uncertain.error().code()).isEqualTo(ErrorCode.CANCELED);
        }
    }

    @Test
    void anInterruptWhileWaitingForAConnection() throws InterruptedException {
        server.next("MAIL", ScriptedServer.SILENT);
        AtomicReference<CoreException> error = new AtomicReference<>();
        try (MailClient client = MailClient.open(
                config().connections(1).readTimeout(Duration.ofSeconds(2)).build())) {
            Thread holder = new Thread(() ->
                    assertThatThrownBy(() -> client.send(TestMail.message())).isInstanceOf(CoreException.class));
            holder.start();
            await().until(() -> server.commands().stream().anyMatch(line -> line.startsWith("MAIL")));
            Thread waiter = new Thread(
                    () -> error.set(catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message()))));
            waiter.start();
            await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
            waiter.interrupt();
            waiter.join(AT_MOST.toMillis());
            assertThat(error.get().code()).isEqualTo(ErrorCode.CANCELED);
            holder.interrupt();
            holder.join(AT_MOST.toMillis());
        }
    }

    @Test
    void withoutSettingsThereAreTimeouts() {
        MailConfig config = MailConfig.builder("h").from("a@b").build();
        assertThat(List.of(
                        config.connectTimeout(),
                        config.readTimeout(),
                        config.writeTimeout(),
                        config.totalTimeout(),
                        config.idleTimeout()))
                .allSatisfy(timeout -> assertThat(timeout).isPositive().isLessThan(Duration.ofMinutes(5)));
    }

    private MailConfig.Builder config() {
        return TestMail.config(proxy.port());
    }

    private static MailMessage endless() {
        return TestMail.to("ann@example.org")
                .attach(Attachment.of("endless.bin", "application/octet-stream", () -> new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        return length;
                    }
                }))
                .build();
    }

    private static void expect(MailClient client, ErrorCode code, String text) {
        expect(client, TestMail.message(), code, text);
    }

    private static void expect(MailClient client, MailMessage message, ErrorCode code, String text) {
        long began = System.nanoTime();
        CoreException error = catchThrowableOfType(CoreException.class, () -> client.send(message));
        assertThat(error).isNotNull();
        assertThat(error.code()).as(error.getMessage()).isEqualTo(code);
        assertThat(error.getMessage()).contains(text);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_MOST);
    }
}
