package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.Accepted;
import org.corestack.mail.ReceiverResult.Uncertain;
import org.corestack.testkit.FaultyProxy;
import org.corestack.testkit.FaultyProxy.Direction;
import org.corestack.testkit.FaultyProxy.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The connection fails at a byte of the conversation, at many of them. Whatever happens, the result is true: what is
 * accepted the server has, what is not sent it has not, and everything else is uncertain.
 */
@Timeout(300)
class CutConnectionsTest extends ScriptedServerTest {
    private FaultyProxy proxy;
    private TlsMode tls = TlsMode.NONE;

    @BeforeEach
    void open() throws IOException {
        server.offers("8BITMIME").startTls(TestCertificates.LOCAL.server());
        proxy = FaultyProxy.open("127.0.0.1", server.port());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, CUT, TO_SERVER, 60",
        "NONE, CUT, TO_CLIENT, 60",
        "NONE, HALF_CLOSE, TO_SERVER, 30",
        "NONE, HALF_CLOSE, TO_CLIENT, 30",
        "NONE, STALL, TO_SERVER, 6",
        "NONE, STALL, TO_CLIENT, 6",
        "STARTTLS, CUT, TO_SERVER, 20",
        "STARTTLS, CUT, TO_CLIENT, 40",
        "STARTTLS, HALF_CLOSE, TO_SERVER, 20",
        "STARTTLS, HALF_CLOSE, TO_CLIENT, 20",
    })
    void theResultIsTrueWhereverItFails(TlsMode mode, Fault fault, Direction direction, int rounds) {
        tls = mode;
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        long whole = conversation(direction);
        for (int i = 0; i < rounds; i++) {
            // Spread over the conversation, and a little past its end.
            long at = (long) ((i + random.nextDouble()) * (whole + 5) / rounds);
            proxy.after(direction, at, fault);
            server.mails().clear();
            String label = "seed " + seed + ", " + fault + " " + direction + " after " + at + " of " + whole;
            Optional<ReceiverResult> result = send(label);
            // What was held up arrives now, so that the result has to stay true.
            proxy.heal();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> proxy.connections() + server.openConnections() == 0);
            boolean accepted = result.filter(Accepted.class::isInstance).isPresent();
            assertThat(server.mails()).as(label).hasSizeBetween(accepted ? 1 : 0, result.isPresent() ? 1 : 0);
            assertThat(server.mails())
                    .as(label)
                    .allSatisfy(mail ->
                            assertThat(Mime.text(Mime.parse(mail.bytes()))).isEqualTo("Hello\r\n"));
        }
    }

    /** The result by a client of its own, so that the bytes are counted from the beginning; empty if it was not sent. */
    private Optional<ReceiverResult> send(String label) {
        try (MailClient client = client()) {
            ReceiverResult result = client.send(TestMail.message()).results().get(0);
            assertThat(result).as(label).isInstanceOfAny(Accepted.class, Uncertain.class);
            return Optional.of(result);
        } catch (CoreException e) {
            assertThat(e.code()).as(label).isIn(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
            return Optional.empty();
        }
    }

    /** How many bytes a whole conversation has in a direction. */
    private long conversation(Direction direction) {
        long before = proxy.bytes(direction);
        try (MailClient client = client()) {
            client.send(TestMail.message()).orThrow();
            return proxy.bytes(direction) - before;
        }
    }

    private MailClient client() {
        return MailClient.open(TestMail.config(proxy.port())
                .tls(tls)
                .sslContext(TestCertificates.LOCAL.client())
                .readTimeout(Duration.ofMillis(300))
                .totalTimeout(Duration.ofSeconds(3))
                .build());
    }
}
