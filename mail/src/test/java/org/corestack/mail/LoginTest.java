package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Passwords and OAuth2 tokens: accepted, refused, not asked for, and never twice. */
class LoginTest extends ScriptedServerTest {
    @Test
    void aRealServerTakesTheRightPasswordAndNoOther() {
        List<String> users = new CopyOnWriteArrayList<>();
        SMTPServer real = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .requireTLS()
                .startTlsSocketFactory(TestCertificates.LOCAL.server())
                .enableTLS()
                .requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!password.equals("pässword 1")) {
                        throw new LoginFailedException();
                    }
                    users.add(user);
                }))
                .messageHandler((context, from, to, data) -> users.add("message"))
                .build();
        real.start();
        try (MailClient right = encrypted(real.getPortAllocated(), "pässword 1");
                MailClient wrong = encrypted(real.getPortAllocated(), "password")) {
            right.send(TestMail.message()).orThrow();
            refused(wrong, ErrorCode.UNAUTHORIZED, "user ann");
            assertThat(users).containsExactly("ann", "message");
        } finally {
            real.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({"PLAIN LOGIN, AUTH PLAIN", "LOGIN, AUTH LOGIN"})
    void usesWhatIsOffered(String offered, String used) throws IOException {
        server.offers("AUTH " + offered);
        if (offered.equals("LOGIN")) {
            // The scripted server takes user and password for commands, and agrees with both.
            server.next("AUTH", "334 VXNlcm5hbWU6");
            server.next(base64("ann").toUpperCase(java.util.Locale.ROOT), "334 UGFzc3dvcmQ6");
            server.next(base64("secret-1").toUpperCase(java.util.Locale.ROOT), "235 welcome");
        }
        try (MailClient client = password("secret-1")) {
            client.send(TestMail.message()).orThrow();
        }
        assertThat(server.commands().get(1)).startsWith(used);
    }

    @ParameterizedTest
    @CsvSource({
        "535 5.7.8 wrong, UNAUTHORIZED",
        "534 too weak, UNAUTHORIZED",
        "454 4.7.0 later, UNAVAILABLE",
        "421 going down, UNAVAILABLE",
        "!cut, UNAVAILABLE",
        "nonsense, UNAVAILABLE",
    })
    void aRefusedLoginIsTriedOnce(String answer, ErrorCode code) throws IOException {
        server.offers("AUTH PLAIN").on("AUTH", line -> answer);
        try (MailClient client = password("secret-1")) {
            refused(client, code, "");
        }
        assertThat(server.commands())
                .filteredOn(line -> line.startsWith("AUTH"))
                .hasSize(1);
        assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aSilentServerIsNoWrongPassword() throws IOException {
        server.offers("AUTH PLAIN").on("AUTH", line -> ScriptedServer.SILENT);
        try (MailClient client = MailClient.open(TestMail.config(server.port())
                .login("ann", "secret-1")
                .readTimeout(Duration.ofMillis(200))
                .build())) {
            refused(client, ErrorCode.DEADLINE_EXCEEDED, "timeout");
        }
    }

    @Test
    void aServerThatDoesNotOfferToLogInGetsNoMessage() throws IOException {
        try (MailClient client = password("secret-1")) {
            refused(client, ErrorCode.UNAUTHORIZED, "does not offer to log in");
        }
        server.offers("AUTH GSSAPI");
        try (MailClient client = password("secret-1")) {
            refused(client, ErrorCode.UNAUTHORIZED, "");
        }
        assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
    }

    @Test
    void withoutUserNobodyLogsIn() throws IOException {
        server.offers("AUTH PLAIN LOGIN XOAUTH2");
        try (MailClient client = MailClient.open(TestMail.config(server.port()).build())) {
            client.send(TestMail.message()).orThrow();
        }
        assertThat(server.commands()).noneMatch(line -> line.startsWith("AUTH"));
    }

    @Test
    void aTokenIsAskedForPerConnection() throws IOException {
        server.offers("AUTH PLAIN XOAUTH2");
        AtomicInteger asked = new AtomicInteger();
        try (MailClient client = token(() -> "token-" + asked.incrementAndGet())) {
            client.send(TestMail.message()).orThrow();
            client.send(TestMail.message()).orThrow();
            server.cutAll();
            client.send(TestMail.message()).orThrow();
        }
        assertThat(server.commands())
                .filteredOn(line -> line.startsWith("AUTH"))
                .containsExactly(
                        "AUTH XOAUTH2 " + base64("user=ann\u0001auth=Bearer token-1\u0001\u0001"),
                        "AUTH XOAUTH2 " + base64("user=ann\u0001auth=Bearer token-2\u0001\u0001"));
    }

    @Test
    void aRefusedTokenIsExplained() throws IOException {
        server.offers("AUTH XOAUTH2").on("AUTH", line -> "334 " + base64("{\"status\":\"401\",\"scope\":\"mail\"}"));
        try (MailClient client = token(() -> "token-1")) {
            refused(client, ErrorCode.UNAUTHORIZED, "{\"status\":\"401\",\"scope\":\"mail\"}");
        }
    }

    @Test
    void aSupplierThatFailsIsNotTheServersFault() throws IOException {
        server.offers("AUTH XOAUTH2");
        IllegalStateException cause = new IllegalStateException("expired");
        try (MailClient client = token(() -> {
            throw cause;
        })) {
            assertThatThrownBy(() -> client.send(TestMail.message()))
                    .hasCause(cause)
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
        }
        try (MailClient client = token(() -> {
            throw new CoreException(ErrorCode.UNAVAILABLE, "no token today");
        })) {
            refused(client, ErrorCode.UNAVAILABLE, "supplier");
        }
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "a\r\nb", "a\u0001auth=Bearer other", "tökén"})
    void aTokenThatCouldSmuggleIsRefused(String token) throws IOException {
        server.offers("AUTH XOAUTH2");
        try (MailClient client = token(() -> token)) {
            refused(client, ErrorCode.INVALID_ARGUMENT, "token");
        }
        try (MailClient client = token(() -> null)) {
            refused(client, ErrorCode.INVALID_ARGUMENT, "token");
        }
        assertThat(server.commands()).isEmpty();
    }

    private static void refused(MailClient client, ErrorCode code, String text) {
        assertThatThrownBy(() -> client.send(TestMail.message())).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).as(error.getMessage()).isEqualTo(code);
            assertThat(error.getMessage()).contains(text);
        });
    }

    private MailClient password(String password) {
        return MailClient.open(
                TestMail.config(server.port()).login("ann", password).build());
    }

    private MailClient token(TokenSupplier tokens) {
        return MailClient.open(
                TestMail.config(server.port()).login("ann", tokens).build());
    }

    private static MailClient encrypted(int port, String password) {
        return MailClient.open(MailConfig.builder("localhost")
                .port(port)
                .from("shop@example.org")
                .sslContext(TestCertificates.LOCAL.client())
                .login("ann", password)
                .build());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
