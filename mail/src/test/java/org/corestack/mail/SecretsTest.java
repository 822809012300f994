package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.corestack.errors.CoreException;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords and tokens are nowhere but on the wire: not in logs at any level, not in errors, not in {@code toString}. */
@ExtendWith(NoThreadsLeft.class)
class SecretsTest {
    private static final String SECRET = "hunter2-hunter2";
    private static final List<String> FORMS = List.of(
            SECRET,
            base64(SECRET),
            base64("ann\0ann\0" + SECRET),
            base64("\0ann\0" + SECRET),
            base64("user=ann\u0001auth=Bearer " + SECRET + "\u0001\u0001"));

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Logger> loud = List.of(
            Logger.getLogger("org.corestack.mail"),
            Logger.getLogger("org.corestack.mail.protocol"),
            Logger.getLogger("org.eclipse.angus.mail"),
            Logger.getLogger("jakarta.mail"));
    private final Handler handler = new Recording();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private ScriptedServer server;

    @BeforeEach
    void open() throws IOException {
        server = new ScriptedServer();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.ALL);
        root.addHandler(handler);
        // Held, as the JDK forgets loggers that nobody holds.
        loud.forEach(logger -> logger.setLevel(Level.ALL));
        PrintStream recorded = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(recorded);
        System.setErr(recorded);
    }

    @AfterEach
    void close() throws IOException {
        System.setOut(out);
        System.setErr(err);
        loud.forEach(logger -> logger.setLevel(null));
        Logger.getLogger("").removeHandler(handler);
        Logger.getLogger("").setLevel(Level.INFO);
        server.close();
        assertThat(logged).as("something was logged, or nothing was tested").isNotEmpty();
        clean(String.join("\n", logged));
        clean(printed.toString(StandardCharsets.UTF_8));
    }

    /** Servers have been seen to repeat the command that they refuse. */
    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "XOAUTH2"})
    void aServerThatRepeatsTheSecretIsNotQuoted(String mechanism) {
        server.offers("AUTH " + mechanism).on("AUTH", line -> "535-5.7.8 wrong: " + line + "\r\n535 5.7.8 " + all());
        try (MailClient client = client(mechanism)) {
            CoreException error = catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message()));
            assertThat(error.getMessage()).contains("535", "<hidden>");
            clean(stackTrace(error));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA", "."})
    void norLaterOn(String command) {
        server.offers("AUTH PLAIN").on(command, line -> "550 5.7.1 you are " + all());
        try (MailClient client = client("PLAIN")) {
            SendReport report = client.send(TestMail.message());
            assertThat(report.refused().get(0).reply().text()).startsWith("you are <hidden>");
            clean(report.toString());
            clean(stackTrace(catchThrowableOfType(CoreException.class, report::orThrow)));
        }
    }

    @Test
    void norInAnAnswerThatIsNone() {
        server.offers("AUTH PLAIN").on("MAIL", line -> all());
        try (MailClient client = client("PLAIN")) {
            clean(stackTrace(catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message()))));
        }
        server.on("MAIL", line -> null).on(ScriptedServer.GREETING, line -> "554 " + all());
        try (MailClient client = client("PLAIN")) {
            clean(stackTrace(catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message()))));
        }
        server.on(ScriptedServer.GREETING, line -> null).on("EHLO", line -> "550 " + all());
        server.on("HELO", line -> "550 " + all());
        try (MailClient client = client("PLAIN")) {
            clean(stackTrace(catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message()))));
        }
    }

    @Test
    void norWhereItIsNotAscii() {
        Secrets secrets = Secrets.of("ann", "pässwörd");
        // As Angus gives it: a character for each byte. The second is not UTF-8 as a whole.
        for (String wire : List.of("550 " + latin("pässwörd"), "550 \u00ff " + latin("pässwörd"))) {
            assertThat(SmtpReply.of(550, wire, secrets).text()).endsWith("<hidden>");
        }
        client("PLAIN").close();
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void norInToString() {
        server.offers("AUTH PLAIN");
        MailConfig password =
                TestMail.config(server.port()).login("ann", SECRET).build();
        MailConfig token =
                TestMail.config(server.port()).login("ann", () -> SECRET).build();
        try (MailClient client = MailClient.open(password)) {
            for (Object object : List.of(
                    password,
                    token,
                    client,
                    Login.password("ann", SECRET),
                    Login.token("ann", () -> SECRET),
                    Secrets.of("ann", SECRET))) {
                clean(object.toString());
            }
            assertThat(password)
                    .hasToString("MailConfig[127.0.0.1:" + server.port()
                            + ", NONE, from Shop <shop@example.org>, user ann, password <hidden>]");
            client.send(TestMail.message());
        }
    }

    @Test
    void aTokenThatIsRefusedForItsFormIsNotShown() {
        try (MailClient client = MailClient.open(
                TestMail.config(server.port()).login("ann", () -> SECRET + " x").build())) {
            clean(stackTrace(catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message()))));
        }
        clean(stackTrace(catchThrowableOfType(
                CoreException.class, () -> MailConfig.builder("h").login("ann", SECRET + "\n"))));
        try (MailClient client = client("PLAIN")) {
            client.send(TestMail.message());
        } catch (CoreException e) {
            clean(stackTrace(e));
        }
    }

    private MailClient client(String mechanism) {
        MailConfig.Builder config = TestMail.config(server.port());
        return MailClient.open(
                (mechanism.equals("XOAUTH2") ? config.login("ann", () -> SECRET) : config.login("ann", SECRET))
                        .build());
    }

    private static String all() {
        return String.join(" ", FORMS);
    }

    private static void clean(String text) {
        assertThat(text).doesNotContain(FORMS);
    }

    private static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private final class Recording extends Handler {
        Recording() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            if (record.getLoggerName() == null || !record.getLoggerName().contains("mail")) {
                return;
            }
            String parameters = record.getParameters() == null
                    ? ""
                    : List.of(record.getParameters()).toString();
            logged.add(record.getMessage() + " " + parameters
                    + (record.getThrown() == null ? "" : stackTrace(record.getThrown())));
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
