package org.corestack.mail;

import java.io.ByteArrayOutputStream;

/** The quoted-printable encoding of RFC 2045, for text whose lines end in CR LF. */
final class QuotedPrintable {
    /** Without the line's end. */
    private static final int LONGEST_LINE = 76;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private final byte[] text;
    private final ByteArrayOutputStream out;
    private int column;

    private QuotedPrintable(byte[] text) {
        this.text = text;
        this.out = new ByteArrayOutputStream(text.length + text.length / 4 + 16);
    }

    static byte[] encode(byte[] text) {
        QuotedPrintable encoder = new QuotedPrintable(text);
        int i = 0;
        while (i < text.length) {
            if (encoder.endsLine(i)) {
                encoder.lineEnd();
                i += 2;
            } else {
                encoder.one(i);
                i++;
            }
        }
        return encoder.out.toByteArray();
    }

    private boolean endsLine(int i) {
        return text[i] == '\r' && i + 1 < text.length && text[i + 1] == '\n';
    }

    private void lineEnd() {
        out.write('\r');
        out.write('\n');
        column = 0;
    }

    private void one(int i) {
        byte b = text[i];
        boolean literal = literal(i);
        int width = literal ? 1 : 3;
        // One column is kept for the equals sign of a soft break.
        if (column + width > LONGEST_LINE - 1) {
            out.write('=');
            lineEnd();
        }
        // A line that begins with "From " is changed by old servers.
        if (literal && !(column == 0 && b == 'F')) {
            out.write(b);
            column++;
        } else {
            out.write('=');
            out.write(HEX[(b >> 4) & 15]);
            out.write(HEX[b & 15]);
            column += 3;
        }
    }

    private boolean literal(int i) {
        byte b = text[i];
        if (b == ' ' || b == '\t') {
            // Space before a line's end is removed on the way, so it has to be encoded.
            return i + 1 < text.length && !endsLine(i + 1);
        }
        return b > ' ' && b < 127 && b != '=';
    }
}
