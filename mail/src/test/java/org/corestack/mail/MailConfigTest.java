package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration takes, and what it refuses when it is given. */
class MailConfigTest {
    private static final List<BiConsumer<MailConfig.Builder, Duration>> TIMEOUTS = List.of(
            MailConfig.Builder::connectTimeout,
            MailConfig.Builder::readTimeout,
            MailConfig.Builder::writeTimeout,
            MailConfig.Builder::totalTimeout,
            MailConfig.Builder::idleTimeout,
            MailConfig.Builder::closeTimeout);

    @ParameterizedTest
    @ValueSource(strings = {"smtp.example.org", "localhost", "my_mail", "127.0.0.1", "::1", "2001:db8::7"})
    void hostsThatAreTaken(String host) {
        assertThat(MailConfig.builder(host).from("a@b").build().host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "smtp.example.org:587",
                "smtp://example.org",
                "[::1]",
                "-a",
                "a/b",
                "1:2",
                "bücher"
            })
    void hostsThatAreRefused(String host) {
        refused(() -> MailConfig.builder(host), "the mail server's host");
    }

    @Test
    void numbersOutOfBoundsAreRefused() {
        MailConfig.Builder config = MailConfig.builder("h");
        for (int port : new int[] {-1, 0, 65_536}) {
            refused(() -> config.port(port), "1 to 65535");
        }
        for (int connections : new int[] {-1, 0, 1_001}) {
            refused(() -> config.connections(connections), "1 to 1000");
        }
        for (Duration timeout :
                List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(-1), Duration.ofDays(21))) {
            TIMEOUTS.forEach(setting -> refused(() -> setting.accept(config, timeout), "at least a millisecond"));
        }
        TIMEOUTS.forEach(setting -> assertThatCode(() -> setting.accept(config, Duration.ofDays(20)))
                .doesNotThrowAnyException());
    }

    @Test
    void namesOfTheClient() {
        MailConfig.Builder config = MailConfig.builder("h").from("a@b");
        for (String name : List.of("mail.example.org", "[192.0.2.7]", "[IPv6:2001:db8::7]")) {
            assertThat(config.helloName(name).build().helloName()).isEqualTo(name);
        }
        for (String name : List.of("", "a b", "-a", "[a b]", "a\tb", "<a>")) {
            refused(() -> config.helloName(name), "the client's own name");
        }
    }

    @Test
    void aSenderIsNeeded() {
        refused(() -> MailConfig.builder("h").build(), "sender");
    }

    private static void refused(Runnable use, String text) {
        assertThatThrownBy(use::run)
                .hasMessageContaining(text)
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
