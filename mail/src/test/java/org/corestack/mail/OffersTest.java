package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.james.mime4j.dom.Message;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

/** What a server did not offer is not used on it: eight bits, international addresses, size. */
class OffersTest extends SendingTest {
    private static final String TEXT = "Grüße, mostly in plain letters\n";

    @Test
    void withoutTheOfferNotOneByteIsAboveSevenBits() {
        Message message = send(MailMessage.builder()
                .to("Jürgen <ann@bücher.example>")
                .subject("Grüße")
                .text(TEXT)
                .html("<p>日本語</p>")
                .header("X-Note", "Straße")
                .attach(Attachment.of("Größe.txt", "text/plain", new byte[] {(byte) 200}))
                .build());
        for (byte b : server.mail().bytes()) {
            assertThat(b).isNotNegative();
        }
        assertThat(server.commands()).allMatch(Checks::ascii);
        assertThat(server.mail().from()).isEqualTo("MAIL FROM:<shop@example.org>");
        assertThat(server.mail().receivers()).containsExactly("RCPT TO:<ann@xn--bcher-kva.example>");
        assertThat(Mime.leaves(message))
                .extracting(part -> Mime.raw(part, "Content-Transfer-Encoding"))
                .containsExactly("quoted-printable", "base64", "base64");
        assertThat(Mime.text(Mime.leaves(message).get(0))).isEqualTo("Grüße, mostly in plain letters\r\n");
    }

    @Test
    void withTheOfferTextGoesAsItIsAndTheServerIsTold() {
        server.offers("8BITMIME");
        Message message = send(TestMail.to("ann@example.org").text(TEXT).build());
        assertThat(server.mail().from()).isEqualTo("MAIL FROM:<shop@example.org> BODY=8BITMIME");
        assertThat(Mime.raw(message, "Content-Transfer-Encoding")).isEqualTo("8bit");
        assertThat(Mime.text(message)).isEqualTo("Grüße, mostly in plain letters\r\n");
        assertThat(Mime.headerLines(server.mail().bytes())).allMatch(Checks::ascii);
    }

    @Test
    void withTheOfferWhatDoesNotNeedItGoesWithout() {
        server.offers("8BITMIME", "SMTPUTF8");
        send(TestMail.message());
        assertThat(server.mail().from()).isEqualTo("MAIL FROM:<shop@example.org>");
        server.mails().clear();
        Message message =
                send(TestMail.to("ann@example.org").text("é".repeat(999)).build());
        assertThat(server.mail().from()).isEqualTo("MAIL FROM:<shop@example.org>");
        assertThat(Mime.raw(message, "Content-Transfer-Encoding"))
                .as("its line is too long")
                .isEqualTo("base64");
    }

    @Test
    void anInternationalAddressNeedsTheOffer() {
        for (MailMessage message : new MailMessage[] {
            TestMail.to("jürgen@example.org").build(),
            TestMail.to("ann@example.org").bcc("иван@example.org").build(),
            TestMail.to("ann@example.org").replyTo("jürgen@example.org").build(),
            TestMail.to("ann@example.org").from("jürgen@example.org").build()
        }) {
            assertThatThrownBy(() -> client.send(message)).isInstanceOfSatisfying(CoreException.class, error -> {
                assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
                assertThat(error.getMessage()).contains("SMTPUTF8", "@example.org");
            });
        }
        assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
        client.send(TestMail.message()).orThrow();
        assertThat(server.connections()).as("the connection is still good").isEqualTo(1);
    }

    @Test
    void anInternationalAddressWithTheOffer() {
        server.offers("8BITMIME", "SMTPUTF8");
        Message message = send(MailMessage.builder()
                .to("Jürgen <jürgen@bücher.example>")
                .cc("u\u0308@example.org")
                .subject("Grüße")
                .text("text")
                .build());
        assertThat(server.mail().from()).isEqualTo("MAIL FROM:<shop@example.org> SMTPUTF8");
        assertThat(server.mail().receivers())
                .containsExactly("RCPT TO:<jürgen@xn--bcher-kva.example>", "RCPT TO:<ü@example.org>");
        assertThat(Mime.headerLines(server.mail().bytes()))
                .contains("To: =?UTF-8?Q?J=C3=BCrgen?= <jürgen@xn--bcher-kva.example>", "Cc: ü@example.org");
        assertThat(message.getSubject()).isEqualTo("Grüße");
    }

    @Test
    void aMessageAboveTheServersLimitIsNotSent() {
        server.offers("SIZE 100000");
        MailMessage large = TestMail.to("ann@example.org")
                .attach(Attachment.of("a.bin", "application/octet-stream", new byte[80_000]))
                .build();
        assertThatThrownBy(() -> client.send(large)).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(error.getMessage()).contains("100000");
        });
        assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
        client.send(TestMail.message()).orThrow();
    }

    @Test
    void anOfferOfNonsenseIsNone() {
        server.offers("SIZE 99999999999999999999999", "8bitmime", "SIZE", "", "X\u00ff");
        send(TestMail.to("ann@example.org").text(TEXT).build());
        assertThat(server.mail().from()).as("names of extensions have no case").endsWith("BODY=8BITMIME");
    }

    private Message send(MailMessage message) {
        client.send(message).orThrow();
        return Mime.parse(server.mail().bytes());
    }
}
