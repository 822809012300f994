package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.field.ContentDispositionField;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a message says when Mime4j reads it back: its tree, its headers, its texts and files. */
class MessageTest extends SendingTest {
    @TempDir
    private Path folder;

    @Test
    void headersOfASmallMessage() {
        Instant written = Instant.parse("2026-11-05T09:08:07Z");
        Message message = send(MailMessage.builder()
                .to("Ann <ann@example.org>", "bob@example.net")
                .cc("cc@example.org")
                .bcc("secret@example.org")
                .replyTo("answers@example.org")
                .subject("Order 7")
                .text("Thank you")
                .header("X-Order", "7")
                .date(written)
                .build());
        byte[] bytes = server.mail().bytes();
        assertThat(Mime.headerNames(bytes))
                .containsExactly(
                        "Date",
                        "From",
                        "Reply-To",
                        "To",
                        "Cc",
                        "Message-ID",
                        "Subject",
                        "X-Order",
                        "MIME-Version",
                        "Content-Type",
                        "Content-Transfer-Encoding");
        assertThat(Mime.raw(message, "Date")).isEqualTo("Thu, 5 Nov 2026 09:08:07 +0000");
        assertThat(message.getDate()).isEqualTo(java.util.Date.from(written));
        assertThat(message.getFrom().get(0).getName()).isEqualTo("Shop");
        assertThat(message.getFrom().get(0).getAddress()).isEqualTo("shop@example.org");
        assertThat(message.getTo().flatten().get(0).getName()).isEqualTo("Ann");
        assertThat(message.getTo().flatten()).hasSize(2);
        assertThat(message.getReplyTo().flatten().get(0).getAddress()).isEqualTo("answers@example.org");
        assertThat(message.getSubject()).isEqualTo("Order 7");
        assertThat(message.getMessageId()).matches("<[0-9a-f-]{36}@example\\.org>");
        assertThat(Mime.tree(message)).isEqualTo("text/plain");
        assertThat(Mime.text(message)).isEqualTo("Thank you\r\n");
        assertThat(Mime.text(bytes)).doesNotContain("secret");
        assertThat(server.mail().receivers())
                .containsExactly(
                        "RCPT TO:<ann@example.org>",
                        "RCPT TO:<bob@example.net>",
                        "RCPT TO:<cc@example.org>",
                        "RCPT TO:<secret@example.org>");
    }

    @Test
    void aBodyThatLooksLikeAHeaderIsNone() {
        Message message = send(MailMessage.builder()
                .to("ann@example.org")
                .text("Bcc: evil@example.com\nSubject: other\n\nhello")
                .build());
        assertThat(message.getBcc()).isNull();
        assertThat(message.getSubject()).isNull();
        assertThat(Mime.text(message)).isEqualTo("Bcc: evil@example.com\r\nSubject: other\r\n\r\nhello\r\n");
        assertThat(server.mail().receivers()).hasSize(1);
    }

    @Test
    void treeOfEachKindOfMessage() {
        Attachment image = Attachment.of("logo.png", "image/png", new byte[] {1, 2, 3});
        MailMessage.Builder both = MailMessage.builder().text("text").html("<p>html</p>");
        assertThat(tree(MailMessage.builder().text("text"))).isEqualTo("text/plain");
        assertThat(tree(MailMessage.builder().html("html"))).isEqualTo("text/html");
        assertThat(tree(both)).isEqualTo("multipart/alternative(text/plain, text/html)");
        assertThat(tree(both.inline("logo", image)))
                .isEqualTo("multipart/alternative(text/plain, multipart/related(text/html, image/png))");
        assertThat(tree(both.attach(image)))
                .isEqualTo("multipart/mixed(multipart/alternative(text/plain, multipart/related(text/html, image/png)),"
                        + " image/png)");
        assertThat(tree(MailMessage.builder().text("text").attach(image, image)))
                .isEqualTo("multipart/mixed(text/plain, image/png, image/png)");
        assertThat(tree(MailMessage.builder().html("html").inline("a@b", image)))
                .isEqualTo("multipart/related(text/html, image/png)");
        assertThat(tree(MailMessage.builder().attach(image))).isEqualTo("multipart/mixed(image/png)");
    }

    @Test
    void attachmentsKeepNameTypeAndEveryByte() throws IOException {
        byte[] bytes = new byte[200_001];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 256);
        }
        Path file = folder.resolve("Preisliste für 2026 – Größe.pdf");
        Files.write(file, bytes);
        Message message = send(MailMessage.builder()
                .to("ann@example.org")
                .html("<img src=\"cid:logo\">")
                .inline("logo", Attachment.of("logo.gif", "image/gif", new byte[] {9}))
                .attach(Attachment.of(file))
                .attach(Attachment.of("a \"b\".csv", "text/csv; charset=UTF-8", "x;y".getBytes(StandardCharsets.UTF_8)))
                .attach(Attachment.of("empty.bin", "application/octet-stream", new byte[0]))
                .build());
        List<Entity> leaves = Mime.leaves(message);
        assertThat(leaves)
                .extracting(Entity::getMimeType)
                .containsExactly("text/html", "image/gif", "application/pdf", "text/csv", "application/octet-stream");
        assertThat(leaves.subList(1, 5))
                .extracting(Entity::getFilename)
                .containsExactly("logo.gif", "Preisliste für 2026 – Größe.pdf", "a \"b\".csv", "empty.bin");
        assertThat(leaves)
                .extracting(Entity::getDispositionType)
                .containsExactly(null, "inline", "attachment", "attachment", "attachment");
        assertThat(Mime.raw(leaves.get(1), "Content-ID")).isEqualTo("<logo>");
        assertThat(Mime.content(leaves.get(1))).containsExactly(9);
        assertThat(Mime.content(leaves.get(2))).isEqualTo(bytes);
        assertThat(Mime.text(leaves.get(3))).isEqualTo("x;y");
        assertThat(Mime.content(leaves.get(4))).isEmpty();
        assertThat(leaves.get(2).getHeader().getField("Content-Disposition"))
                .isInstanceOf(ContentDispositionField.class);
    }

    /** Mime4j takes {@code Ann's and Bob's.txt} for a text in the character set {@code Ann}. */
    @Test
    void aFileNameWithTwoApostrophesIsWhole() {
        for (String name : List.of("Ann's and Bob's.txt", "'--'", "O'Neil.txt")) {
            server.mails().clear();
            Message message = send(MailMessage.builder()
                    .to("ann@example.org")
                    .attach(Attachment.of(name, "text/plain", new byte[1]))
                    .build());
            assertThat(Mime.leaves(message).get(0).getFilename()).isEqualTo(name);
        }
    }

    @Test
    void everyLineIsEndedByBothAndIsNotTooLong() {
        String text =
                "a\nb\rc\r\nd\n.\n..\n.hidden\n\n" + "long ".repeat(600) + "\n" + "é".repeat(2_000) + "\nFrom here";
        Message message = send(MailMessage.builder()
                .to("ann@example.org")
                .subject("word ".repeat(300).strip())
                .header(
                        "References",
                        "<0123456789abcdef@example.org> ".repeat(100).strip())
                .header("X-Unbroken", "x".repeat(3_000))
                .text(text)
                .build());
        byte[] bytes = server.mail().bytes();
        String wire = Mime.text(bytes);
        assertThat(wire.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        assertThat(wire.lines()).allMatch(line -> line.length() <= 998);
        assertThat(Mime.headerLines(bytes)).allMatch(line -> line.length() <= 78);
        assertThat(Mime.text(message)).isEqualTo(text.replaceAll("\r\n|\r|\n", "\r\n"));
        assertThat(message.getSubject()).isEqualTo("word ".repeat(300).strip());
    }

    @Test
    void aLongReferencesHeaderIsFoldedAndWhole() {
        String ids = "<0123456789abcdef@example.org> ".repeat(100).strip();
        Message message = send(MailMessage.builder()
                .to("ann@example.org")
                .header("References", ids)
                .header("In-Reply-To", "<0123456789abcdef@example.org>")
                .text("text")
                .build());
        assertThat(Mime.raw(message, "References")).isEqualTo(ids);
        assertThat(Mime.headerLines(server.mail().bytes())).anyMatch(line -> line.startsWith(" <0123"));
    }

    @Test
    void withoutVisibleReceiversItSaysSo() {
        Message message = send(MailMessage.builder()
                .bcc("zoe@example.org", "yan@example.org") // no message id ends like these
                .text("text")
                .build());
        assertThat(Mime.raw(message, "To")).isEqualTo("undisclosed-recipients:;");
        assertThat(Mime.text(server.mail().bytes())).doesNotContain("zoe@example.org", "yan@example.org");
        assertThat(server.mail().receivers()).hasSize(2);
    }

    @Test
    void eachReceiverGetsItOnce() {
        send(MailMessage.builder()
                .to("Ann <ann@example.org>", "ann@EXAMPLE.org")
                .cc("ann@example.org")
                .bcc("Ann@example.org")
                .text("text")
                .build());
        assertThat(server.mail().receivers()).containsExactly("RCPT TO:<ann@example.org>", "RCPT TO:<Ann@example.org>");
    }

    @Test
    void sentAgainItIsTheSameMessage() {
        MailMessage message = MailMessage.builder()
                .to("ann@example.org")
                .subject("s")
                .text("t")
                .build();
        SendReport first = client.send(message);
        SendReport second = client.send(message);
        assertThat(first.messageId()).isEqualTo(second.messageId());
        assertThat(server.mails()).hasSize(2);
        assertThat(server.mails().get(0).bytes())
                .isEqualTo(server.mails().get(1).bytes());
    }

    @Test
    void itsOwnSenderComesBeforeTheConfigurations() {
        Message message = send(MailMessage.builder()
                .from("Other <other@example.net>")
                .to("ann@example.org")
                .text("text")
                .build());
        assertThat(message.getFrom().get(0).getAddress()).isEqualTo("other@example.net");
        assertThat(message.getMessageId()).endsWith("@example.net>");
        assertThat(server.mail().from()).isEqualTo("MAIL FROM:<other@example.net>");
    }

    @Test
    void theMachinesLanguageChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("ar-EG-u-nu-arab", "tr-TR", "th-TH-u-ca-buddhist-nu-thai")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                server.mails().clear();
                Message message = send(MailMessage.builder()
                        .to(new MailAddress("Größe", "INFO@EXAMPLE.ORG"))
                        .subject("ÜÜÜ and plain letters, and more of them")
                        .text("ı İ i ü")
                        .attach(Attachment.of("Größe I.txt", "TEXT/PLAIN", new byte[1]))
                        .date(Instant.parse("2026-09-05T09:08:07Z"))
                        .build());
                assertThat(Mime.raw(message, "Date")).isEqualTo("Sat, 5 Sep 2026 09:08:07 +0000");
                assertThat(Mime.headerLines(server.mail().bytes())).allMatch(Checks::ascii);
                assertThat(message.getSubject()).isEqualTo("ÜÜÜ and plain letters, and more of them");
                assertThat(Mime.leaves(message).get(1).getFilename()).isEqualTo("Größe I.txt");
                assertThat(server.mail().receivers()).containsExactly("RCPT TO:<INFO@example.org>");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void datesThatAHeaderCanHold() {
        for (String taken : List.of("1900-01-01T00:00:00Z", "9999-12-31T23:59:59Z")) {
            server.mails().clear();
            Message message = send(MailMessage.builder()
                    .to("ann@example.org")
                    .text("text")
                    .date(Instant.parse(taken))
                    .build());
            assertThat(message.getDate()).isEqualTo(java.util.Date.from(Instant.parse(taken)));
        }
        for (Instant refused : List.of(Instant.MIN, Instant.MAX, Instant.parse("+10000-01-01T00:00:00Z"))) {
            assertThatThrownBy(() -> MailMessage.builder().date(refused)).isInstanceOf(CoreException.class);
        }
    }

    @Test
    void aMessageThatCanNotBeIsRefused() {
        MailMessage.Builder text = MailMessage.builder().text("text");
        Attachment file = Attachment.of("a", "image/png", new byte[0]);
        for (MailMessage.Builder incomplete : List.of(
                text,
                MailMessage.builder().to("ann@example.org"),
                MailMessage.builder().to("ann@example.org").text("x").inline("logo", file))) {
            assertThatThrownBy(incomplete::build)
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
        for (String header : List.of("Bcc", "to", "FROM", "Subject", "Content-Type", "MIME-Version", "Resent-To")) {
            assertThatThrownBy(() -> text.header(header, "x")).hasMessageContaining(header);
        }
        assertThatThrownBy(() -> text.inline("a", file).inline("a", file)).hasMessageContaining("two");
        for (String type : List.of("text", "text/", "/x", "text/a b", "multipart/mixed", "message/rfc822", "")) {
            assertThatThrownBy(() -> Attachment.of("a", type, new byte[0])).isInstanceOf(CoreException.class);
        }
        assertThatThrownBy(() -> Attachment.of(folder)).hasMessageContaining("not a file");
        assertThatThrownBy(() -> Attachment.of(folder.resolve("none"))).hasMessageContaining("not a file");
    }

    @Test
    void toStringTellsNothingPrivate() {
        MailMessage message = MailMessage.builder()
                .to("ann@example.org")
                .subject("private subject")
                .text("private text")
                .build();
        assertThat(message.toString())
                .contains("1 receivers")
                .doesNotContain("ann@")
                .doesNotContain("private");
    }

    private String tree(MailMessage.Builder builder) {
        server.mails().clear();
        return Mime.tree(send(builder.to("ann@example.org").build()));
    }

    private Message send(MailMessage message) {
        client.send(message).orThrow();
        return Mime.parse(server.mail().bytes());
    }
}
