package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

/** The page on mail: its table of codes is whole, and its defaults are true. */
class DocsTest {
    @Test
    void everyCodeThatMailGivesIsExplained() throws IOException {
        String page = page();
        assertThat(List.of(
                        ErrorCode.UNAVAILABLE,
                        ErrorCode.DEADLINE_EXCEEDED,
                        ErrorCode.UNAUTHORIZED,
                        ErrorCode.FORBIDDEN,
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.UNSUPPORTED,
                        ErrorCode.CANCELED,
                        ErrorCode.FAILED_PRECONDITION))
                .allSatisfy(code -> assertThat(page).contains("| `" + code + "` |"));
    }

    @Test
    void theDefaultsAreThoseOfThePage() throws IOException {
        MailConfig config = MailConfig.builder("h").from("a@b").build();
        assertThat(page())
                .contains(
                        "| `connectTimeout` | " + config.connectTimeout().toSeconds() + " s |",
                        "| `readTimeout` | " + config.readTimeout().toSeconds() + " s |",
                        "| `writeTimeout` | " + config.writeTimeout().toSeconds() + " s |",
                        "| `totalTimeout` | " + config.totalTimeout().toMinutes() + " min |",
                        "| `idleTimeout` | " + config.idleTimeout().toSeconds() + " s |",
                        "| `closeTimeout` | " + config.closeTimeout().toSeconds() + " s |",
                        "| `connections` | " + config.connections() + " |");
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/mail.md"));
    }
}
