package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.server.SMTPServer;

/** STARTTLS and implicit TLS: what is required, what is verified, and what is said before. */
@ExtendWith(NoThreadsLeft.class)
class EncryptionTest {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "IMPLICIT"})
    void sendsToARealServer(TlsMode mode) {
        int port = realServer(mode, TestCertificates.LOCAL.server());
        try (MailClient client = client(port, mode, "127.0.0.1", TestCertificates.LOCAL.client())) {
            client.sendAll(List.of(TestMail.message(), TestMail.message())).forEach(SendReport::orThrow);
        }
        try (MailClient client = client(port, mode, "localhost", TestCertificates.LOCAL.client())) {
            client.send(TestMail.message()).orThrow();
        }
        assertThat(received).hasSize(3).allMatch(text -> text.contains("Subject: Hello"));
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "IMPLICIT"})
    void aCertificateOfNobodyKnownIsRefused(TlsMode mode) {
        int port = realServer(mode, TestCertificates.LOCAL.server());
        refused(port, mode, null, ErrorCode.UNAUTHORIZED, "certificate");
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "IMPLICIT"})
    void aCertificateForAnotherNameIsRefused(TlsMode mode) {
        int port = realServer(mode, TestCertificates.ELSEWHERE.server());
        refused(port, mode, TestCertificates.ELSEWHERE.client(), ErrorCode.UNAUTHORIZED, "another name");
    }

    @Test
    void aServerThatHidesStartTlsGetsNothing() throws IOException {
        ScriptedServer server = scripted();
        try (MailClient client = MailClient.open(MailConfig.builder("127.0.0.1")
                .port(server.port())
                .from("shop@example.org")
                .login("user", "password")
                .build())) {
            assertThatThrownBy(() -> client.send(TestMail.message()))
                    .isInstanceOfSatisfying(CoreException.class, error -> {
                        assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
                        assertThat(error.getMessage()).contains("STARTTLS");
                    });
        }
        assertThat(server.commands()).containsExactly("EHLO [127.0.0.1]", "NOOP");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void aServerThatRefusesStartTlsGetsNothing() throws IOException {
        ScriptedServer server = scripted().startTls(TestCertificates.LOCAL.server());
        server.next("STARTTLS", "454 not now");
        refused(server.port(), TlsMode.STARTTLS, TestCertificates.LOCAL.client(), ErrorCode.UNAVAILABLE, "454");
        assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL") || line.startsWith("AUTH"));
    }

    /** It may offer STARTTLS the next time, so that a retry can help. */
    @ParameterizedTest
    @ValueSource(strings = {"421 4.3.2 too busy", "451 later", "nonsense", "250-ok\r\n421 no", ScriptedServer.CUT})
    void aServerThatDoesNotGetToItsOffersLacksNothing(String answer) throws IOException {
        ScriptedServer server = scripted().startTls(TestCertificates.LOCAL.server());
        server.next("EHLO", answer);
        refused(server.port(), TlsMode.STARTTLS, TestCertificates.LOCAL.client(), ErrorCode.UNAVAILABLE, "");
        assertThat(server.commands()).allMatch(line -> line.startsWith("EHLO") || line.startsWith("QUIT"));
    }

    /** It was told that the server lacks STARTTLS, which no retry mends. */
    @ParameterizedTest
    @ValueSource(
            strings = {"250-hello\r\n", "250-hello\r\n25", "250-hello\r\n250", "250-hello\r\n250 START", "250 hello\r"})
    void offersThatAreCutShortLackNothing(String cut) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getOutputStream().write("220 hello\r\n".getBytes(StandardCharsets.US_ASCII));
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
                    socket.getOutputStream().write(cut.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            server.start();
            refused(
                    listener.getLocalPort(),
                    TlsMode.STARTTLS,
                    TestCertificates.LOCAL.client(),
                    ErrorCode.UNAVAILABLE,
                    "");
            server.join();
        }
    }

    @Test
    void aServerThatUnderstandsNoEhloGetsNothing() throws IOException {
        ScriptedServer server = scripted().startTls(TestCertificates.LOCAL.server());
        server.next("EHLO", "502 what");
        refused(server.port(), TlsMode.STARTTLS, TestCertificates.LOCAL.client(), ErrorCode.UNSUPPORTED, "STARTTLS");
        assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
    }

    /** What somebody in between puts behind the answer to STARTTLS must not count as said by the server. */
    @Test
    void whatWasSaidInClearIsForgotten() throws IOException {
        ScriptedServer server = scripted().startTls(TestCertificates.LOCAL.server());
        server.next("STARTTLS", "220 encrypt\r\n250-evil\r\n250 SMTPUTF8");
        try (MailClient client =
                client(server.port(), TlsMode.STARTTLS, "127.0.0.1", TestCertificates.LOCAL.client())) {
            assertThatThrownBy(
                            () -> client.send(TestMail.to("jürgen@example.org").build()))
                    .isInstanceOf(CoreException.class);
        }
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void anEhloRefusedAfterStartTlsEndsIt() throws IOException {
        ScriptedServer server = scripted().startTls(TestCertificates.LOCAL.server());
        server.next("EHLO", "250-scripted\r\n250-STARTTLS\r\n250 8BITMIME", "550 no");
        refused(server.port(), TlsMode.STARTTLS, TestCertificates.LOCAL.client(), ErrorCode.UNAVAILABLE, "EHLO");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void implicitTlsSaysNothingInClear() throws IOException {
        // A server that does not encrypt: it would answer whatever is said to it in clear.
        ScriptedServer server = scripted();
        refused(server.port(), TlsMode.IMPLICIT, TestCertificates.LOCAL.client(), ErrorCode.UNAVAILABLE, "");
        assertThat(server.commands()).isEmpty();
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void implicitTlsGoesToItsOwnPort() {
        assertThat(MailConfig.builder("h").from("a@b").build().port()).isEqualTo(587);
        assertThat(MailConfig.builder("h")
                        .from("a@b")
                        .tls(TlsMode.IMPLICIT)
                        .build()
                        .port())
                .isEqualTo(465);
        assertThat(MailConfig.builder("h").from("a@b").tls(TlsMode.NONE).build().port())
                .isEqualTo(25);
        assertThat(MailConfig.builder("h").from("a@b").build().tls()).isEqualTo(TlsMode.STARTTLS);
    }

    private void refused(int port, TlsMode mode, SSLContext context, ErrorCode code, String text) {
        try (MailClient client = client(port, mode, "127.0.0.1", context)) {
            assertThatThrownBy(() -> client.send(TestMail.message()))
                    .isInstanceOfSatisfying(CoreException.class, error -> {
                        assertThat(error.code()).isEqualTo(code);
                        assertThat(error.getMessage()).contains(text);
                    });
        }
        assertThat(received).isEmpty();
    }

    private static MailClient client(int port, TlsMode mode, String host, SSLContext context) {
        MailConfig.Builder config =
                MailConfig.builder(host).port(port).tls(mode).from("Shop <shop@example.org>");
        if (context != null) {
            config.sslContext(context);
        }
        return MailClient.open(config.build());
    }

    private ScriptedServer scripted() throws IOException {
        ScriptedServer server = new ScriptedServer();
        open.add(server);
        return server;
    }

    private int realServer(TlsMode mode, SSLContext certificate) {
        SMTPServer.Builder builder = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("real")
                .messageHandler((context, from, to, data) -> received.add(new String(data, StandardCharsets.UTF_8)));
        if (mode == TlsMode.STARTTLS) {
            builder.startTlsSocketFactory(certificate).enableTLS().requireTLS();
        } else {
            builder.serverSocketFactory(certificate);
        }
        SMTPServer server = builder.build();
        server.start();
        open.add(server::stop);
        return server.getPortAllocated();
    }
}
