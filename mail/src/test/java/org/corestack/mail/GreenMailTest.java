package org.corestack.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A second real server, and a second reader: Jakarta Mail itself, which our messages are not made by. */
class GreenMailTest {
    @Test
    void aSecondServerAndReaderUnderstandAMessage() throws MessagingException, IOException {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        try (MailClient client =
                MailClient.open(TestMail.config(mail.getSmtp().getPort()).build())) {
            mail.setUser("ann@example.org", "ann", "secret");
            String subject = "Größe, 日本語 and a long line ".repeat(8).strip();
            client.send(MailMessage.builder()
                            .to(new MailAddress("Groß, \"Jürgen\"", "ann@example.org"))
                            .subject(subject)
                            .text(".\n..\nGrüße\n")
                            .html("<p>日本語</p>")
                            .attach(Attachment.of(
                                    "Preisliste für Größe – sehr lang ".repeat(4) + ".pdf",
                                    "application/pdf",
                                    new byte[] {1, 2, 3}))
                            .build())
                    .orThrow();
            assertThat(mail.waitForIncomingEmail(5_000, 1)).isTrue();
            MimeMessage message = mail.getReceivedMessages()[0];
            assertThat(message.getSubject()).isEqualTo(subject);
            assertThat(((InternetAddress) message.getAllRecipients()[0]).getPersonal())
                    .isEqualTo("Groß, \"Jürgen\"");
            MimeMultipart mixed = (MimeMultipart) message.getContent();
            assertThat(mixed.getCount()).isEqualTo(2);
            assertThat(mixed.getBodyPart(1).getFileName())
                    .isEqualTo("Preisliste für Größe – sehr lang ".repeat(4) + ".pdf");
            MimeMultipart alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
            assertThat(new String(alternative.getBodyPart(0).getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo(".\r\n..\r\nGrüße\r\n");
            assertThat(new String(alternative.getBodyPart(1).getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("<p>日本語</p>");
        } finally {
            mail.stop();
        }
    }
}
