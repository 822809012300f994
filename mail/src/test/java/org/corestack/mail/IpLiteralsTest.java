package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses as they are written, without a look-up. */
class IpLiteralsTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "LOCALHOST, true",
        "127.0.0.1, true",
        "127.9.9.9, true",
        "::1, true",
        "0:0:0:0:0:0:0:1, true",
        "10.0.0.1, false",
        "fe80::1, false",
        "localhost.example.org, false",
        "127.0.0.1.example.org, false",
        "1.2.3.4.5, false",
        ":::, false",
        "mail, false"
    })
    void thisMachine(String host, boolean loopback) {
        assertThat(IpLiterals.isLoopback(host)).isEqualTo(loopback);
    }

    @Test
    void nameOfAHostWithoutOne() throws UnknownHostException {
        assertThat(IpLiterals.smtp(InetAddress.getByName("192.0.2.7"))).isEqualTo("[192.0.2.7]");
        assertThat(IpLiterals.smtp(InetAddress.getByName("fe80::1%1"))).isEqualTo("[IPv6:fe80:0:0:0:0:0:0:1]");
    }
}
