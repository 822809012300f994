package org.corestack.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * Encrypts a connection, and verifies that the server is the one that was configured: its certificate by the context's
 * authorities, its name by the configured host and by no other.
 *
 * <p>It is a socket factory because that is how Angus takes it for STARTTLS.
 */
final class Tls extends SSLSocketFactory {
    private final SSLSocketFactory factory;
    private final String host;

    private Tls(SSLSocketFactory factory, String host) {
        this.factory = factory;
        this.host = host;
    }

    static Tls of(MailConfig config) {
        try {
            SSLContext context = config.sslContext();
            return new Tls((context == null ? SSLContext.getDefault() : context).getSocketFactory(), config.host());
        } catch (NoSuchAlgorithmException e) {
            throw new CoreException(ErrorCode.FAILED_PRECONDITION, "this JDK has no TLS that works", e);
        }
    }

    /** Encrypts and verifies, which the socket's read timeout bounds. Closes the socket if that fails. */
    SSLSocket wrap(Socket plain) throws IOException {
        try {
            SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** For STARTTLS. The host is the configured one, whatever Angus believes it to be. */
    @Override
    public Socket createSocket(Socket plain, String ignored, int port, boolean autoClose) throws IOException {
        return wrap(plain);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String ignored, int port) throws IOException {
        throw notHere();
    }

    @Override
    public Socket createSocket(String ignored, int port, InetAddress local, int localPort) throws IOException {
        throw notHere();
    }

    @Override
    public Socket createSocket(InetAddress ignored, int port) throws IOException {
        throw notHere();
    }

    @Override
    public Socket createSocket(InetAddress ignored, int port, InetAddress local, int localPort) throws IOException {
        throw notHere();
    }

    private static IOException notHere() {
        return new IOException("connections are made by the client, not by this factory");
    }
}
