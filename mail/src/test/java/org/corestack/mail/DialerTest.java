package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host with several addresses: one that answers is enough. */
@Timeout(60)
class DialerTest {
    private final List<MailSocket> made = new CopyOnWriteArrayList<>();

    @Test
    void theNextAddressIsTriedWhereOneRefuses() throws IOException {
        try (ScriptedServer server = new ScriptedServer();
                Socket socket = dialer(server.port(), "127.0.0.8", "127.0.0.9", "127.0.0.1")
                        .dial(made::add)) {
            assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(socket.getInetAddress().getHostName())
                    .as("nobody looks it up")
                    .isEqualTo("several.example");
        }
        assertThat(made).hasSize(3).allMatch(Socket::isClosed);
    }

    @Test
    void whereNoneAnswersTheLastErrorIsTold() throws IOException {
        int free;
        try (ScriptedServer server = new ScriptedServer()) {
            free = server.port();
        }
        assertThatThrownBy(() -> dialer(free, "127.0.0.9", "127.0.0.1").dial(made::add))
                .isInstanceOf(IOException.class);
        assertThat(made).hasSize(2).allMatch(Socket::isClosed);
    }

    private static Dialer dialer(int port, String... addresses) {
        MailConfig config = MailConfig.builder("several.example")
                .port(port)
                .tls(TlsMode.NONE)
                .from("shop@example.org")
                .connectTimeout(Duration.ofSeconds(1))
                .build();
        return new Dialer(config, Tls.of(config), host -> addresses(addresses));
    }

    private static InetAddress[] addresses(String... literals) throws UnknownHostException {
        InetAddress[] addresses = new InetAddress[literals.length];
        for (int i = 0; i < literals.length; i++) {
            addresses[i] = InetAddress.getByName(literals[i]);
        }
        return addresses;
    }
}
