package org.corestack.cli.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.corestack.mail.MailConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who logs in. The password comes from the environment or a file, as other users of the machine can see arguments. */
final class LoginOptions {
    static final String VARIABLE = "CORESTACK_MAIL_PASSWORD";
    private static final int MAX_FILE_BYTES = 64 * 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--user", paramLabel = "U", description = "Log in as this user; needs a password.")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password and nothing else; without it the password is " + VARIABLE + ".")
    private @Nullable Path passwordFile;

    @Option(names = "--oauth2", description = "The password is an OAuth2 access token.")
    private boolean oauth2;

    // Here to be refused without being repeated, in the spellings that other programs have.
    @Option(
            names = {"--password", "--passwd", "--pass", "--pwd", "--secret", "--token", "-p"},
            hidden = true,
            arity = "0..1",
            fallbackValue = "")
    private @Nullable String password;

    // As words behind the user are likely to be one.
    @Parameters(hidden = true, arity = "0..*")
    private List<String> strays = List.of();

    @SuppressWarnings("NullAway.Init") // picocli sets the options
    LoginOptions() {}

    /** Sets who logs in, if anybody does. */
    void addTo(MailConfig.Builder config, Function<String, @Nullable String> environment) {
        if (password != null) {
            throw wrongUse("a password is not taken as an argument, where others could see it; set " + VARIABLE
                    + " or give --password-file FILE");
        }
        if (!strays.isEmpty()) {
            throw wrongUse("words belong to no option: " + strays.size()
                    + "; a value with spaces must be in quotes, and a password is not taken as an argument");
        }
        if (user == null) {
            if (passwordFile != null || oauth2) {
                throw wrongUse("--password-file and --oauth2 need --user U");
            }
            return;
        }
        String secret = passwordFile == null ? environment.apply(VARIABLE) : read(passwordFile);
        if (secret == null || secret.isEmpty()) {
            throw wrongUse("--user needs a password; set " + VARIABLE + " or give --password-file FILE");
        }
        if (oauth2) {
            config.login(user, () -> secret);
        } else {
            config.login(user, secret);
        }
    }

    private String read(Path file) {
        // Not by its size, as a pipe has none.
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw wrongUse("the file '" + file + "' is too large to hold a password");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // An editor's line end is not part of a password; a space might be.
            return text.replaceFirst("\\R$", "");
        } catch (CharacterCodingException e) {
            throw wrongUse("the file '" + file + "' is not UTF-8 text");
        } catch (IOException e) {
            throw wrongUse("the password can't be read from the file '" + file + "'");
        }
    }

    private ParameterException wrongUse(String why) {
        return new ParameterException(command.commandLine(), why);
    }
}
