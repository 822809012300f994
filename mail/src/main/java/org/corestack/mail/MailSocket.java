package org.corestack.mail;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A TCP socket that knows for how long a write has been waiting, and takes no more from the server than answers need, nor
 * for longer.
 *
 * <p>The JDK has no write timeout: who waits for the conversation looks at {@link #writingFor} and closes the socket. Its
 * read timeout begins anew with each byte, so that a server could hold a reader with one byte at a time. And it could fill
 * the memory with an answer that never ends.
 */
final class MailSocket extends Socket {
    /** Certificates of a TLS handshake and the longest answers are far below. */
    private static final int LONGEST_ANSWER = 512 * 1024;

    private static final long NOT_YET = Long.MIN_VALUE;

    private volatile long writingSince = NOT_YET;
    private volatile long unasked;
    private volatile long answerNanos;
    private volatile long readingSince = NOT_YET;

    /** How long the write that is going on has taken, in nanoseconds; zero if none is. */
    long writingFor() {
        long since = writingSince;
        return since == NOT_YET ? 0 : Math.max(0, System.nanoTime() - since);
    }

    /** Bounds each answer as a whole: all that is read between two writes. */
    void answersWithin(Duration timeout) {
        answerNanos = timeout.toNanos();
        readingSince = NOT_YET;
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
            limit();
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            limit();
            int count = super.read(bytes, offset, length);
            count(Math.max(0, count));
            return count;
        }

        /** What is left of the answer's time is what this read may take. */
        private void limit() throws IOException {
            long now = System.nanoTime();
            if (readingSince == NOT_YET) {
                readingSince = now;
            }
            long left = answerNanos - (now - readingSince);
            if (answerNanos > 0 && left <= 0) {
                throw new SocketTimeoutException("the server's answer took too long");
            }
            setSoTimeout(answerNanos == 0 ? 0 : (int) Math.max(1, left / 1_000_000));
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
            readingSince = NOT_YET;
            writingSince = System.nanoTime();
            try {
                out.write(bytes, offset, length);
            } finally {
                writingSince = NOT_YET;
            }
        }
    }
}
