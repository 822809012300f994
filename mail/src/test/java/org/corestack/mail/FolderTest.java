package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.Message;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test mode: whole messages as files, and nothing over the network. */
class FolderTest {
    @TempDir
    private Path temp;

    @Test
    void writesWhatWouldBeSent() throws IOException {
        Path folder = temp.resolve("new/mails");
        // A host that would refuse to be found.
        try (MailClient client = MailClient.open(MailConfig.builder("no-such-host.invalid")
                .from("Shop <shop@example.org>")
                .login("ann", "secret-1")
                .folder(folder)
                .build())) {
            SendReport report = client.send(TestMail.to("Ann <jürgen@example.org>")
                    .bcc("hidden@example.org")
                    .subject("Grüße")
                    .attach(Attachment.of("a.txt", "text/plain", new byte[] {'x'}))
                    .build());
            assertThat(report.complete()).isTrue();
            Path file = files(folder).get(0);
            assertThat(report.accepted().get(0).reply().text()).isEqualTo("written to " + file);
            Message message = Mime.parse(Files.readAllBytes(file));
            assertThat(message.getSubject()).isEqualTo("Grüße");
            assertThat(message.getMessageId()).isEqualTo(report.messageId());
            assertThat(Mime.tree(message)).isEqualTo("multipart/mixed(text/plain, text/plain)");
            assertThat(Mime.headerNames(Files.readAllBytes(file)))
                    .startsWith("X-Envelope-From", "X-Envelope-To", "Date", "From")
                    .doesNotContain("Bcc");
            assertThat(Files.readString(file)).doesNotContain("secret-1");
            assertThat(Files.readAllLines(file))
                    .startsWith(
                            "X-Envelope-From: shop@example.org",
                            "X-Envelope-To: jürgen@example.org,",
                            " hidden@example.org");
        }
    }

    @Test
    void filesSortInTheOrderOfSendingAndAreNeverHalf() throws IOException {
        try (MailClient client = client(temp)) {
            List<MailMessage> messages = Stream.iterate(0, i -> i + 1)
                    .limit(20)
                    .map(i -> TestMail.to("ann@example.org").subject("no " + i).build())
                    .toList();
            client.sendAll(messages).forEach(SendReport::orThrow);
            List<Path> files = files(temp);
            assertThat(files).hasSize(20).allMatch(file -> file.toString().endsWith(".eml"));
            for (int i = 0; i < 20; i++) {
                assertThat(Mime.parse(Files.readAllBytes(files.get(i))).getSubject())
                        .isEqualTo("no " + i);
            }
            MailMessage broken = TestMail.to("ann@example.org")
                    .attach(Attachment.of("a.bin", "application/octet-stream", () -> {
                        throw new IOException("disk on fire");
                    }))
                    .build();
            assertThatThrownBy(() -> client.send(broken)).hasMessageContaining("a.bin");
            assertThat(client.sendAll(List.of(broken, TestMail.message())))
                    .extracting(SendReport::complete)
                    .containsExactly(false, true);
            assertThat(files(temp)).hasSize(21);
        }
    }

    @Test
    void aFolderThatCanNotBeIsAnError() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        assertThatThrownBy(() -> client(file.resolve("below"))).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(error.getMessage()).contains(file.toString());
        });
        Path folder = temp.resolve("gone");
        try (MailClient client = client(folder)) {
            Files.delete(folder);
            assertThatThrownBy(() -> client.send(TestMail.message()))
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    private static MailClient client(Path folder) {
        return MailClient.open(MailConfig.builder("localhost")
                .from("shop@example.org")
                .folder(folder)
                .build());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
