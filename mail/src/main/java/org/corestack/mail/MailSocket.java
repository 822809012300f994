package org.corestack.mail;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A TCP socket that knows for how long a write has been waiting, and takes no more from the server than answers need.
 *
 * <p>The JDK has no write timeout: who waits for the conversation looks at {@link #writingFor} and closes the socket. And
 * a server could fill the memory with an answer that never ends.
 */
final class MailSocket extends Socket {
    /** Certificates of a TLS handshake and the longest answers are far below. */
    private static final int LONGEST_ANSWER = 512 * 1024;

    private static final long NOT_WRITING = Long.MIN_VALUE;

    private volatile long writingSince = NOT_WRITING;
    private volatile long unasked;

    /** How long the write that is going on has taken, in nanoseconds; zero if none is. */
    long writingFor() {
        long since = writingSince;
        return since == NOT_WRITING ? 0 : Math.max(0, System.nanoTime() - since);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new BoundedInput(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new TimedOutput(super.getOutputStream());
    }

    private final class BoundedInput extends FilterInputStream {
        BoundedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            count(Math.max(0, count));
            return count;
        }

        /** Only the thread of the conversation reads and writes, and it does one after the other. */
        @SuppressWarnings("NonAtomicVolatileUpdate")
        private void count(int bytes) throws IOException {
            unasked += bytes;
            if (unasked > LONGEST_ANSWER) {
                throw new IOException("the server's answer is longer than " + LONGEST_ANSWER + " bytes");
            }
        }
    }

    private final class TimedOutput extends FilterOutputStream {
        TimedOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            unasked = 0;
            writingSince = System.nanoTime();
            try {
                out.write(bytes, offset, length);
            } finally {
                writingSince = NOT_WRITING;
            }
        }
    }
}
