package org.corestack.cli.mail;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.corestack.mail.Attachment;
import org.corestack.mail.MailAddress;
import org.corestack.mail.MailClient;
import org.corestack.mail.MailConfig;
import org.corestack.mail.MailMessage;
import org.corestack.mail.ReceiverResult;
import org.corestack.mail.SendReport;
import org.corestack.mail.TlsMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code corestack mail send}: sends one message and says what became of it for each receiver. */
@Command(
        name = "send",
        description = {
            "Sends one message and prints what the server said for each receiver.",
            "Ends with 0 only if the server accepted it for all of them."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(names = "--host", paramLabel = "H", description = "The mail server; needed unless --folder is given.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "P", description = "Its port (default: 587, 465 or 25, by --tls).")
    private @Nullable Integer port;

    @Option(
            names = "--tls",
            paramLabel = "MODE",
            defaultValue = "starttls",
            description = "How the connection is encrypted: starttls (required), implicit, or none"
                    + " (default: ${DEFAULT-VALUE}).")
    private TlsMode tls;

    @Mixin
    private LoginOptions login;

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            required = true,
            converter = AddressConverter.class,
            description = "The sender, as address or 'Name <address>'; so are all addresses.")
    private MailAddress from;

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            arity = "1..*",
            converter = AddressConverter.class,
            description = "Receivers.")
    private List<MailAddress> to = List.of();

    @Option(
            names = "--cc",
            paramLabel = "ADDRESS",
            arity = "1..*",
            converter = AddressConverter.class,
            description = "Receivers of a copy.")
    private List<MailAddress> cc = List.of();

    @Option(
            names = "--bcc",
            paramLabel = "ADDRESS",
            arity = "1..*",
            converter = AddressConverter.class,
            description = "Receivers of a copy whom nobody sees.")
    private List<MailAddress> bcc = List.of();

    @Option(
            names = "--reply-to",
            paramLabel = "ADDRESS",
            converter = AddressConverter.class,
            description = "Where answers go, if not to the sender.")
    private @Nullable MailAddress replyTo;

    @Option(names = "--subject", paramLabel = "S", defaultValue = "", description = "The subject.")
    private String subject;

    @Option(names = "--text", paramLabel = "T", description = "The text.")
    private @Nullable String text;

    @Option(names = "--html", paramLabel = "F", description = "A file with the HTML, in UTF-8.")
    private @Nullable Path html;

    @Option(names = "--attach", paramLabel = "F", arity = "1..*", description = "Files to attach.")
    private List<Path> attach = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long it may take altogether (default: ${DEFAULT-VALUE}).")
    private long timeout;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Send nothing, and write the message as a file .eml into this folder.")
    private @Nullable Path folder;

    private final Function<String, @Nullable String> environment;

    /** A command; picocli creates it. */
    SendCommand() {
        this(System::getenv);
    }

    @SuppressWarnings("NullAway.Init") // picocli sets the options
    SendCommand(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** Sends; 0 if every receiver was accepted, 1 if not. */
    @Override
    public Integer call() {
        checkLetters();
        MailConfig config = config();
        MailMessage message = message();
        try (MailClient client = MailClient.open(config)) {
            return print(client.send(message));
        }
    }

    /** Where the locale is not one of UTF-8 the JVM puts this character in place of each that it can't read. */
    private void checkLetters() {
        if (command.commandLine().getParseResult().originalArgs().stream()
                .anyMatch(word -> word.indexOf('\uFFFD') >= 0)) {
            throw wrongUse("an argument holds letters that can't be read in this shell's locale; set LC_ALL=C.UTF-8");
        }
    }

    private MailConfig config() {
        if (host == null && folder == null) {
            throw wrongUse("a mail server is needed: --host H, or --folder DIR to write the message into a file");
        }
        if (timeout < 1 || timeout > Duration.ofDays(1).toSeconds()) {
            throw wrongUse("--timeout is " + timeout + "; it must be 1 to "
                    + Duration.ofDays(1).toSeconds());
        }
        Duration total = Duration.ofSeconds(timeout);
        MailConfig.Builder config = MailConfig.builder(host == null ? "localhost" : host)
                .tls(tls)
                .from(from)
                .connections(1)
                .totalTimeout(total);
        if (port != null) {
            config.port(port);
        }
        if (folder != null) {
            config.folder(folder);
        }
        login.addTo(config, environment);
        return config.build();
    }

    private MailMessage message() {
        MailMessage.Builder message = MailMessage.builder()
                .to(to.toArray(MailAddress[]::new))
                .cc(cc.toArray(MailAddress[]::new))
                .bcc(bcc.toArray(MailAddress[]::new))
                .subject(subject);
        if (replyTo != null) {
            message.replyTo(replyTo);
        }
        if (text != null) {
            message.text(text);
        }
        if (html != null) {
            message.html(read(html));
        }
        attach.forEach(file -> message.attach(Attachment.of(file)));
        return message.build();
    }

    private int print(SendReport report) {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        for (ReceiverResult result : report.results()) {
            boolean accepted = result instanceof ReceiverResult.Accepted;
            (accepted ? out : err)
                    .println((accepted ? "" : "corestack: ")
                            + result.describe()
                            + (result.retryable() ? "; trying again later can help" : ""));
        }
        out.println("message " + report.messageId());
        out.flush();
        err.flush();
        return report.complete() ? 0 : 1;
    }

    private String read(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw wrongUse("the file '" + file + "' is not UTF-8 text");
        } catch (IOException e) {
            throw wrongUse("the HTML can't be read from the file '" + file + "'");
        }
    }

    private ParameterException wrongUse(String why) {
        return new ParameterException(command.commandLine(), why);
    }
}
