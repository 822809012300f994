package org.corestack.cli.demo.register;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Texts as the hexadecimal numbers of their characters, which any log, terminal and database can carry. */
public final class CodePoints {
    /** Leaves room for a hash under the 1,024 bytes that a key may take. */
    private static final int LONGEST = 900;

    private CodePoints() {}

    /** The code points of a text in hex, four digits or more each, joined by hyphens: {@code 0072-006E}. */
    public static String hex(String text) {
        return text.codePoints().mapToObj(CodePoints::hex).collect(Collectors.joining("-"));
    }

    /** A code point in hex, four digits or more: {@code 0061}. */
    public static String hex(int codePoint) {
        return String.format("%04X", codePoint);
    }

    /**
     * The code points of a text in hex, fit for a key: {@code none} for the empty text, and for a text whose form
     * would be too long its beginning and a hash of the whole.
     */
    public static String key(String text) {
        if (text.isEmpty()) {
            return Description.NONE;
        }
        String hex = hex(text);
        return hex.length() <= LONGEST ? hex : hex.substring(0, LONGEST) + "-sha256-" + sha256(text);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
