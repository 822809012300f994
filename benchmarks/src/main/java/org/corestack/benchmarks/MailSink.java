package org.corestack.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A mail server that agrees to everything and keeps nothing, as fast as one can be: what is left is the client's time. */
final class MailSink implements AutoCloseable {
    private static final byte[] FINE = ascii("250 fine\r\n");
    private static final byte[] GO_ON = ascii("354 go on\r\n");
    /** Nothing is offered, so that both sides have the same encoding to do. */
    private static final byte[] EHLO = ascii("250 sink\r\n");

    private static final byte[] GREETING = ascii("220 sink\r\n");
    /** What ends a message; a dot at the start of any other line is doubled. */
    private static final byte[] END = ascii("\r\n.\r\n");

    private final ServerSocket listener;
    private volatile long bytes;

    MailSink() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many bytes of messages it took, on its latest connection. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        boolean open = true;
        while (open) {
            try {
                Socket socket = listener.accept();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                // the benchmark is over
                open = false;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Bytes in = new Bytes(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            out.write(GREETING);
            int first;
            while ((first = command(in)) >= 0) {
                switch (first) {
                    case 'E' -> out.write(EHLO);
                    case 'D' -> {
                        out.write(GO_ON);
                        message(in);
                        out.write(FINE);
                    }
                    default -> out.write(FINE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the sink failed, so the figures are worthless", e);
        }
    }

    /** Reads a line and gives its first byte, or -1 at the end. */
    private static int command(Bytes in) throws IOException {
        int first = in.next();
        int b = first;
        while (b >= 0 && b != '\n') {
            b = in.next();
        }
        return b < 0 ? -1 : first;
    }

    private void message(Bytes in) throws IOException {
        int seen = 2;
        long count = 0;
        while (seen < END.length) {
            int b = in.next();
            if (b < 0) {
                throw new IOException("the message has no end");
            }
            count++;
            seen = b == END[seen] ? seen + 1 : b == '\r' ? 1 : 0;
        }
        bytes = count;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "mail-sink");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A buffer without the lock that the JDK's takes for each byte. */
    private static final class Bytes {
        private final InputStream in;
        private final byte[] buffer = new byte[64 * 1024];
        private int position;
        private int limit;

        Bytes(InputStream in) {
            this.in = in;
        }

        int next() throws IOException {
            if (position == limit) {
                limit = Math.max(0, in.read(buffer));
                position = 0;
                if (limit == 0) {
                    return -1;
                }
            }
            return buffer[position++] & 0xff;
        }
    }
}
