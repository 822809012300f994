package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.corestack.mail.ReceiverResult.Refused.Step;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** A real server that refuses at each step, and takes what is large. */
@ExtendWith(NoThreadsLeft.class)
class RealServerTest {
    private final List<byte[]> received = new CopyOnWriteArrayList<>();
    private SMTPServer server;
    private MailClient client;

    @BeforeEach
    void open() {
        server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .maxMessageSize(8_000_000)
                .messageHandlerFactory(context -> new Choosy())
                .build();
        server.start();
        client = MailClient.open(TestMail.config(server.getPortAllocated()).build());
    }

    @AfterEach
    void close() {
        client.close();
        server.stop();
    }

    @Test
    void refusesAtEachStep() {
        refused(TestMail.message(), "nosender@example.org", Step.SENDER, 553);
        refused(TestMail.to("noreceiver@example.org").build(), "shop@example.org", Step.RECEIVER, 550);
        refused(TestMail.to("later@example.org").build(), "shop@example.org", Step.RECEIVER, 451);
        refused(TestMail.to("ann@example.org").text("nomessage").build(), "shop@example.org", Step.MESSAGE, 554);
        client.send(TestMail.message()).orThrow();
        assertThat(received).hasSize(1);
    }

    @Test
    void takesALargeMessageAndInternationalAddresses() {
        byte[] file = new byte[4_000_000];
        client.send(TestMail.to("jürgen@bücher.example")
                        .text("Grüße")
                        .attach(Attachment.of("a.bin", "application/octet-stream", file))
                        .build())
                .orThrow();
        assertThat(Mime.content(Mime.leaves(Mime.parse(received.get(0))).get(1)))
                .isEqualTo(file);
    }

    private void refused(MailMessage message, String sender, Step step, int code) {
        try (MailClient other = MailClient.open(
                TestMail.config(server.getPortAllocated()).from(sender).build())) {
            SendReport report = other.send(message);
            assertThat(report.refused()).hasSize(1);
            assertThat(report.refused().get(0).step()).isEqualTo(step);
            assertThat(report.refused().get(0).reply().code()).isEqualTo(code);
            assertThat(report.retryable()).isEqualTo(code < 500);
        }
    }

    private final class Choosy implements MessageHandler {
        @Override
        public void from(String from) throws RejectException {
            if (from.startsWith("nosender")) {
                throw new RejectException(553, "not you");
            }
        }

        @Override
        public void recipient(String recipient) throws RejectException {
            if (recipient.startsWith("noreceiver")) {
                throw new RejectException(550, "nobody here");
            }
            if (recipient.startsWith("later")) {
                throw new RejectException(451, "not now");
            }
        }

        @Override
        public String data(InputStream data) throws RejectException, IOException {
            byte[] bytes = data.readAllBytes();
            if (Mime.text(bytes).contains("nomessage")) {
                throw new RejectException(554, "not this");
            }
            received.add(bytes);
            return null;
        }

        @Override
        public void done() {
            // nothing is open
        }
    }
}
