package org.corestack.mail;

/** How a connection to the server is encrypted. */
public enum TlsMode {
    /**
     * It begins in clear and must become encrypted before anything else happens; port 587 by default. A server that does
     * not offer STARTTLS is refused, as somebody in between may have taken the offer away.
     */
    STARTTLS(587),
    /** It is encrypted from its first byte; port 465 by default. */
    IMPLICIT(465),
    /**
     * Never encrypted; port 25 by default. Everybody on the way can read and change the messages, and the password where
     * one is used: for a server on the same machine, or behind a tunnel.
     */
    NONE(25);

    private final int defaultPort;

    TlsMode(int defaultPort) {
        this.defaultPort = defaultPort;
    }

    int defaultPort() {
        return defaultPort;
    }
}
