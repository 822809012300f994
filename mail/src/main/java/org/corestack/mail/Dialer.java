package org.corestack.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connects to the configured server: each of its addresses in turn, all within the connect timeout. */
final class Dialer {
    private final MailConfig config;
    private final Tls tls;
    private final Resolver resolver;

    /** Finds a host's addresses. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    Dialer(MailConfig config, Tls tls) {
        this(config, tls, InetAddress::getAllByName);
    }

    Dialer(MailConfig config, Tls tls, Resolver resolver) {
        this.config = config;
        this.tls = tls;
        this.resolver = resolver;
    }

    /**
     * A connected socket, encrypted already where the mode is implicit.
     *
     * @param made is given each socket before it is used, so that another thread can close it
     */
    Socket dial(Consumer<MailSocket> made) throws IOException {
        MailSocket socket = connect(made);
        return config.tls() == TlsMode.IMPLICIT ? tls.wrap(socket) : socket;
    }

    private MailSocket connect(Consumer<MailSocket> made) throws IOException {
        InetAddress[] addresses = resolver.resolve(config.host());
        long deadline = System.nanoTime() + config.connectTimeout().toNanos();
        @Nullable IOException failure = null;
        for (int i = 0; i < addresses.length; i++) {
            // Each address that is left gets its share, so that one that does not answer leaves time for the next.
            long share = (deadline - System.nanoTime()) / (addresses.length - i);
            try {
                return connect(addresses[i], Math.max(1, share / 1_000_000), made);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure == null ? new IOException("the host has no address") : failure;
    }

    private MailSocket connect(InetAddress address, long millis, Consumer<MailSocket> made) throws IOException {
        MailSocket socket = new MailSocket();
        made.accept(socket);
        try {
            // With the configured name in it, nobody looks up the address's own.
            InetAddress named = InetAddress.getByAddress(config.host(), address.getAddress());
            socket.connect(new InetSocketAddress(named, config.port()), (int) Math.min(Integer.MAX_VALUE, millis));
            socket.setTcpNoDelay(true);
            socket.answersWithin(config.readTimeout());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
