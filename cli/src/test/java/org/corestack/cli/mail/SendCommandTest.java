package org.corestack.cli.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.corestack.cli.CommandLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.server.SMTPServer;
import picocli.CommandLine;

/** {@code corestack mail send} against a real server, and its wrong uses. */
class SendCommandTest {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private SMTPServer server;

    @TempDir
    private Path temp;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void start() {
        server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory(
                        (user, password, context) -> logins.add(user + " " + password)))
                .messageHandlerFactory(context -> new Recorder())
                .build();
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void sendsAMessageWithEverything() throws IOException {
        Path html = Files.writeString(temp.resolve("page.html"), "<p>Grüße</p>");
        Path file = Files.writeString(temp.resolve("list.csv"), "a;b");
        Path secret = Files.writeString(temp.resolve("secret"), "pass word\n");
        Run run = run(
                Map.of(),
                "--host=127.0.0.1",
                "--port",
                port(),
                "--tls",
                "none",
                "--user",
                "ann",
                "--password-file",
                secret.toString(),
                "--from",
                "Shop <shop@example.org>",
                "--to",
                "Bob <bob@example.org>",
                "eve@example.org",
                "--to",
                "joe@example.org",
                "--cc",
                "cc@example.org",
                "--bcc",
                "bcc@example.org",
                "--reply-to",
                "answers@example.org",
                "--subject",
                "@Hello",
                "--text",
                "Hi",
                "--html",
                html.toString(),
                "--attach",
                file.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("bob@example.org accepted: 250").contains("message <");
        assertThat(logins).containsExactly("ann pass word");
        assertThat(received).hasSize(5);
        assertThat(received.get(0))
                .contains(
                        "From: Shop <shop@example.org>",
                        "Reply-To: answers@example.org",
                        "To: Bob <bob@example.org>, eve@example.org, joe@example.org",
                        "Cc: cc@example.org",
                        "Subject: @Hello",
                        "text/html",
                        "filename=\"list.csv\"")
                .doesNotContain("bcc@");
    }

    @Test
    void thePasswordComesFromTheEnvironment() {
        Run run = run(Map.of("CORESTACK_MAIL_PASSWORD", "from-env"), minimal("--user", "ann"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(logins).containsExactly("ann from-env");
    }

    @Test
    void aRefusalIsFailureAndSaysWhatTheServerSaid() {
        Run run = run(Map.of(), minimal("--bcc", "gone@example.org"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("corestack: gone@example.org refused: 550 no such user\n");
        assertThat(run.out()).contains("bob@example.org accepted");
        Run full = run(Map.of(), minimal("--bcc", "full@example.org"));
        assertThat(full.err()).contains("452", "trying again later can help");
    }

    @Test
    void aServerThatIsNotThereIsFailure() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Run run = run(
                Map.of(), "--host=127.0.0.1", "--port=" + free, "--from=a@b", "--to=c@d", "--text=x", "--timeout=5");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("127.0.0.1:" + free);
    }

    @Test
    void aServerWithoutStartTlsIsWrongUse() {
        Run run = run(Map.of(), "--host=127.0.0.1", "--port=" + port(), "--from=a@b", "--to=c@d", "--text=x");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("STARTTLS");
        assertThat(received).isEmpty();
    }

    @Test
    void writesIntoAFolder() throws IOException {
        Run run = run(Map.of(), "--folder=" + temp, "--from=a@example.org", "--to=c@example.org", "--text=x");
        assertThat(run.exitCode()).isZero();
        try (Stream<Path> files = Files.list(temp)) {
            assertThat(files).hasSize(1).allMatch(file -> file.toString().endsWith(".eml"));
        }
    }

    @Test
    void wrongUseIsOneLine() throws IOException {
        Path large = Files.write(temp.resolve("large"), new byte[70_000]);
        Path latin = Files.write(temp.resolve("latin"), "Grüße".getBytes(StandardCharsets.ISO_8859_1));
        wrongUse("--from", "--host=h", "--to=a@b", "--text=x");
        wrongUse("mail server", "--from=a@b", "--to=a@b", "--text=x");
        wrongUse("no receiver", "--host=h", "--from=a@b", "--text=x");
        wrongUse("no text", minimalWithoutText());
        wrongUse("'--to'", "--host=h", "--from=a@b", "--to=nobody", "--text=x");
        wrongUse("one line", "--host=h", "--from=a@b", "--to=a@b", "--text=x", "--subject=a\nBcc: c@d");
        wrongUse("'--tls'", minimal("--tls=maybe"));
        wrongUse("1 to 65535", minimal("--port=70000"));
        wrongUse("--timeout is 0", minimal("--timeout=0"));
        wrongUse("not a file", minimal("--attach=" + temp.resolve("none")));
        wrongUse("not UTF-8", minimal("--html=" + latin));
        wrongUse("can't be read", minimal("--html=" + temp.resolve("none")));
        wrongUse("CORESTACK_MAIL_PASSWORD", minimal("--user=ann"));
        wrongUse("can't be read", minimal("--user=ann", "--password-file=" + temp.resolve("none")));
        wrongUse("need --user", minimal("--oauth2"));
        for (String name : List.of("--password", "--passwd", "--pass", "--pwd", "--secret", "--token", "-p")) {
            wrongUse("not taken as an argument", minimal("--user=ann", name, "hunter2"));
            wrongUse("not taken as an argument", minimal("--user=ann", name + "=hunter2"));
        }
        wrongUse("words belong to no option: 1", minimal("--user", "ann", "hunter2"));
        wrongUse("too large", minimal("--user=ann", "--password-file=" + large));
        wrongUse("LC_ALL", minimal("--subject=Gr\uFFFD\uFFFDe"));
        assertThat(received).isEmpty();
        assertThat(logins).isEmpty();
    }

    private void wrongUse(String text, String... args) {
        Run run = run(Map.of(), args);
        assertThat(run.err()).contains(text).doesNotContain("hunter2").startsWith("corestack: ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private String[] minimalWithoutText() {
        return new String[] {"--host=127.0.0.1", "--tls=none", "--from=a@example.org", "--to=bob@example.org"};
    }

    private String[] minimal(String... more) {
        List<String> args = new ArrayList<>(List.of(minimalWithoutText()));
        args.add("--text=x");
        if (Stream.of(more).noneMatch(arg -> arg.startsWith("--port"))) {
            args.add("--port=" + port());
        }
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    private String port() {
        return Integer.toString(server.getPortAllocated());
    }

    private static Run run(Map<String, String> environment, String... args) {
        CommandLine line = CommandLines.with(environment, new SendCommand(environment::get));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] words = Stream.concat(Stream.of("test"), Stream.of(args)).toArray(String[]::new);
        int exitCode = line.execute(words);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private final class Recorder implements MessageHandler {
        private int receivers;

        @Override
        public void from(String from) {
            // anybody may send
        }

        @Override
        public void recipient(String recipient) throws RejectException {
            if (recipient.startsWith("gone")) {
                throw new RejectException(550, "no such user");
            }
            if (recipient.startsWith("full")) {
                throw new RejectException(452, "mail box full");
            }
            receivers++;
        }

        @Override
        public String data(InputStream data) throws IOException {
            String text = new String(data.readAllBytes(), StandardCharsets.UTF_8);
            received.addAll(Collections.nCopies(receivers, text));
            return null;
        }

        @Override
        public void done() {
            // nothing is open
        }
    }
}
