package org.corestack.mail;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** A parameter of a structured header, such as a file's name: in quotes, or encoded as RFC 2231 has it. */
final class Parameter {
    private static final int LINE = 76;
    private static final Pattern PLAIN = Pattern.compile("[ !#-\\[\\]-~]{1,60}");
    private static final String UNESCAPED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";

    private Parameter() {}

    /** {@code ;}, a fold, and the parameter in as many pieces as its length needs. The value was checked before. */
    static String of(String name, String value) {
        // Readers that decode what they should not are given nothing to decode: neither an encoded word, nor a text
        // between
        // two apostrophes, before which they see a character set.
        boolean once = value.indexOf('\'') == value.lastIndexOf('\'');
        if (PLAIN.matcher(value).matches() && once && !value.contains("=?") && value.equals(value.strip())) {
            return ";\r\n " + name + "=\"" + value + "\"";
        }
        StringBuilder pieces = new StringBuilder();
        StringBuilder piece = new StringBuilder("UTF-8''");
        int count = 0;
        for (int i = 0; i < value.length(); ) {
            int codePoint = value.codePointAt(i);
            String escaped = escape(codePoint);
            // Room for the name, "*99*=" and the semicolon.
            if (name.length() + piece.length() + escaped.length() + 7 > LINE) {
                pieces.append(piece(name, count, piece));
                piece.setLength(0);
                count++;
            }
            piece.append(escaped);
            i += Character.charCount(codePoint);
        }
        if (count == 0) {
            return ";\r\n " + name + "*=" + piece;
        }
        return pieces.append(piece(name, count, piece)).toString();
    }

    private static String piece(String name, int index, CharSequence value) {
        return ";\r\n " + name + "*" + index + "*=" + value;
    }

    private static String escape(int codePoint) {
        if (codePoint < 0x80 && UNESCAPED.indexOf(codePoint) >= 0) {
            return Character.toString(codePoint);
        }
        StringBuilder escaped = new StringBuilder();
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            escaped.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
        }
        return escaped.toString();
    }
}
