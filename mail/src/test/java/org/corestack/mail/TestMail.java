package org.corestack.mail;

import java.time.Duration;

/** What many tests send, and to where. */
final class TestMail {
    private TestMail() {}

    /** In clear to the loopback interface, with timeouts that a failing test does not wait for long. */
    static MailConfig.Builder config(int port) {
        return MailConfig.builder("127.0.0.1")
                .port(port)
                .tls(TlsMode.NONE)
                .from("Shop <shop@example.org>")
                .connectTimeout(Duration.ofSeconds(5))
                .readTimeout(Duration.ofSeconds(5))
                .writeTimeout(Duration.ofSeconds(5))
                .totalTimeout(Duration.ofSeconds(10));
    }

    static MailMessage.Builder to(String... receivers) {
        return MailMessage.builder().to(receivers).subject("Hello").text("Hello");
    }

    static MailMessage message() {
        return to("ann@example.org").build();
    }
}
