package org.corestack.mail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Writes a message as the bytes of RFC 5322 and MIME, in one pass, an attachment straight from its stream.
 *
 * <p>This is the only place that writes headers, and all that it writes into one was checked when it was made.
 */
final class MessageWriter {
    /** 76 characters each, as many lines as make a good write. */
    private static final int CHUNK = 57 * 512;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final OutputStream out;
    private final boolean eightBit;
    private final SecureRandom random;
    private boolean lineEnded;

    private MessageWriter(OutputStream out, boolean eightBit, SecureRandom random) {
        this.out = out;
        this.eightBit = eightBit;
        this.random = random;
    }

    /**
     * Writes a message; bcc stands nowhere in it.
     *
     * @param eightBit whether text may go as it is where the lines allow it
     * @throws AttachmentException if an attachment can't be read
     * @throws IOException if the output fails
     */
    static void write(MailMessage message, Envelope envelope, OutputStream out, boolean eightBit, SecureRandom random)
            throws IOException {
        MessageWriter writer = new MessageWriter(out, eightBit, random);
        writer.ascii(headers(message, envelope));
        writer.mixed(message);
        // The line's end before a boundary belongs to the boundary, so parts get none; the message has to end in one.
        if (!writer.lineEnded) {
            out.write(LINE_END);
        }
    }

    /** Whether the text of a message would go as eight bits where that is allowed. */
    static boolean wantsEightBit(MailMessage message) {
        for (TextBody body : bodies(message)) {
            if (body.encoding(true) == TextBody.Encoding.EIGHT_BIT) {
                return true;
            }
        }
        return false;
    }

    /** At least so many bytes; what attachments of unknown length add is not counted. */
    static long atLeast(MailMessage message) {
        long bytes = 0;
        for (TextBody body : bodies(message)) {
            bytes += body.size();
        }
        List<Attachment> files = new ArrayList<>(message.attachments());
        files.addAll(message.inline().values());
        for (Attachment file : files) {
            bytes += Math.max(0, file.size()) / 3 * 4;
        }
        return bytes;
    }

    private static List<TextBody> bodies(MailMessage message) {
        List<TextBody> bodies = new ArrayList<>();
        if (message.text() != null) {
            bodies.add(message.text());
        }
        if (message.html() != null) {
            bodies.add(message.html());
        }
        return bodies;
    }

    private static String headers(MailMessage message, Envelope envelope) {
        StringBuilder headers = new StringBuilder(512);
        headers.append("Date: ").append(MailDate.format(message.date())).append("\r\n");
        headers.append(HeaderText.addresses("From", List.of(envelope.sender())));
        if (!envelope.replyTo().isEmpty()) {
            headers.append(HeaderText.addresses("Reply-To", envelope.replyTo()));
        }
        if (!message.to().isEmpty()) {
            headers.append(HeaderText.addresses("To", message.to()));
        } else if (message.cc().isEmpty()) {
            headers.append("To: undisclosed-recipients:;\r\n");
        }
        if (!message.cc().isEmpty()) {
            headers.append(HeaderText.addresses("Cc", message.cc()));
        }
        headers.append("Message-ID: ").append(envelope.messageId()).append("\r\n");
        if (!message.subject().isEmpty()) {
            headers.append(HeaderText.people("Subject", message.subject()));
        }
        for (MailMessage.Header header : message.headers()) {
            headers.append(HeaderText.programs(header.name(), header.value()));
        }
        return headers.append("MIME-Version: 1.0\r\n").toString();
    }

    private void mixed(MailMessage message) throws IOException {
        if (message.attachments().isEmpty()) {
            alternative(message);
            return;
        }
        String boundary = begin("multipart/mixed", "");
        if (message.text() != null || message.html() != null) {
            next(boundary);
            alternative(message);
        }
        for (Attachment file : message.attachments()) {
            next(boundary);
            attachment(file, "attachment", "");
        }
        end(boundary);
    }

    private void alternative(MailMessage message) throws IOException {
        if (message.text() != null && message.html() != null) {
            String boundary = begin("multipart/alternative", "");
            next(boundary);
            text("plain", message.text());
            next(boundary);
            related(message.html(), message.inline());
            end(boundary);
        } else if (message.text() != null) {
            text("plain", message.text());
        } else if (message.html() != null) {
            related(message.html(), message.inline());
        }
    }

    private void related(TextBody html, Map<String, Attachment> inline) throws IOException {
        if (inline.isEmpty()) {
            text("html", html);
            return;
        }
        String boundary = begin("multipart/related", ";\r\n type=\"text/html\"");
        next(boundary);
        text("html", html);
        for (Map.Entry<String, Attachment> file : inline.entrySet()) {
            next(boundary);
            attachment(file.getValue(), "inline", "Content-ID: <" + file.getKey() + ">\r\n");
        }
        end(boundary);
    }

    private void text(String subtype, TextBody body) throws IOException {
        TextBody.Encoding encoding = body.encoding(eightBit);
        ascii("Content-Type: text/" + subtype + "; charset=UTF-8\r\nContent-Transfer-Encoding: " + encoding.header()
                + "\r\n\r\n");
        byte[] encoded = body.encoded(encoding);
        out.write(encoded);
        int length = encoded.length;
        lineEnded = length == 0 || (encoded[length - 1] == '\n' && encoded[length - 2] == '\r');
    }

    private void attachment(Attachment file, String disposition, String extra) throws IOException {
        ascii("Content-Type: " + file.contentType() + "\r\nContent-Transfer-Encoding: base64\r\n" + extra
                + "Content-Disposition: " + disposition + Parameter.of("filename", file.name()) + "\r\n\r\n");
        Base64.Encoder encoder = Base64.getMimeEncoder();
        try (AttachmentInput in = new AttachmentInput(file)) {
            byte[] chunk = new byte[CHUNK];
            int count;
            boolean first = true;
            while ((count = in.fill(chunk)) > 0) {
                if (!first) {
                    out.write(LINE_END);
                }
                first = false;
                out.write(encoder.encode(count == CHUNK ? chunk : Arrays.copyOf(chunk, count)));
            }
        }
    }

    private String begin(String type, String parameters) throws IOException {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        // It can't be guessed, so no text can hold it; and "=_" never stands in an encoded one.
        String boundary = "=_" + HexFormat.of().formatHex(bytes);
        ascii("Content-Type: " + type + ";\r\n boundary=\"" + boundary + "\"" + parameters + "\r\n");
        return boundary;
    }

    private void next(String boundary) throws IOException {
        ascii("\r\n--" + boundary + "\r\n");
    }

    private void end(String boundary) throws IOException {
        ascii("\r\n--" + boundary + "--");
        lineEnded = false;
    }

    private void ascii(String lines) throws IOException {
        // UTF-8 where an address needs it; everything else is ASCII.
        out.write(lines.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads an attachment, with its failures told apart from those of the connection. */
    private static final class AttachmentInput implements AutoCloseable {
        private final Attachment file;
        private final InputStream in;

        AttachmentInput(Attachment file) throws AttachmentException {
            this.file = file;
            try {
                in = file.open();
            } catch (IOException | RuntimeException e) {
                throw new AttachmentException(file, e);
            }
        }

        int fill(byte[] chunk) throws AttachmentException {
            try {
                return in.readNBytes(chunk, 0, chunk.length);
            } catch (IOException | RuntimeException e) {
                throw new AttachmentException(file, e);
            }
        }

        @Override
        public void close() throws AttachmentException {
            try {
                in.close();
            } catch (IOException | RuntimeException e) {
                throw new AttachmentException(file, e);
            }
        }
    }
}
