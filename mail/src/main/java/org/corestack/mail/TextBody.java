package org.corestack.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A text as it goes over the wire: UTF-8, each line ended by CR LF whatever ended it before, so that no server can take a
 * bare line feed for an end of its own. Knows which encodings it needs.
 */
final class TextBody {
    /** What RFC 5322 allows without the line's end. */
    static final int LONGEST_LINE = 998;

    private final byte[] bytes;
    private final int outsideAscii;
    /** Lines too long, or a NUL: nothing but an encoding carries it. */
    private final boolean irregular;

    private TextBody(byte[] bytes) {
        this.bytes = bytes;
        int high = 0;
        int line = 0;
        boolean odd = false;
        for (byte b : bytes) {
            high += b < 0 ? 1 : 0;
            line = b == '\n' ? 0 : line + 1;
            // The carriage return at the end is counted with the line.
            odd |= line > LONGEST_LINE + 1 || b == 0;
        }
        outsideAscii = high;
        irregular = odd;
    }

    static TextBody of(String what, String text) {
        Checks.paired(what, text);
        StringBuilder lines = new StringBuilder(text.length() + 64);
        char before = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || (c == '\n' && before != '\r')) {
                lines.append("\r\n");
            } else if (c != '\n') {
                lines.append(c);
            }
            before = c;
        }
        return new TextBody(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes it has before it is encoded. */
    int size() {
        return bytes.length;
    }

    /** The encoding to use. */
    Encoding encoding(boolean eightBitAllowed) {
        if (!irregular && outsideAscii == 0) {
            return Encoding.SEVEN_BIT;
        }
        if (!irregular && eightBitAllowed) {
            return Encoding.EIGHT_BIT;
        }
        // Three bytes for each one encoded against four for three of everything.
        return outsideAscii * 5L > bytes.length ? Encoding.BASE64 : Encoding.QUOTED_PRINTABLE;
    }

    /** The bytes in an encoding. */
    byte[] encoded(Encoding encoding) {
        return switch (encoding) {
            case SEVEN_BIT, EIGHT_BIT -> bytes;
            case QUOTED_PRINTABLE -> QuotedPrintable.encode(bytes);
            case BASE64 -> Base64.getMimeEncoder().encode(bytes);
        };
    }

    /** How a part's bytes are put into lines. */
    enum Encoding {
        SEVEN_BIT("7bit"),
        EIGHT_BIT("8bit"),
        QUOTED_PRINTABLE("quoted-printable"),
        BASE64("base64");

        private final String header;

        Encoding(String header) {
            this.header = header;
        }

        /** The value of Content-Transfer-Encoding. */
        String header() {
            return header;
        }
    }
}
