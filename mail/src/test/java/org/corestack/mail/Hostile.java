package org.corestack.mail;

import java.util.List;
import java.util.Random;

/** Makes text that has broken mail programs, from a seed that is printed where a test fails. */
final class Hostile {
    private static final List<String> PIECES = List.of(
            "\r\n",
            "\n",
            "\r",
            "\r\n ",
            "\r\n\r\n",
            "\0",
            "\t",
            "\u007f",
            "\u0085",
            "\u2028",
            "\u000b",
            // their low bytes are a line feed, a carriage return, a colon and an angle bracket
            "\u010a",
            "\u010d",
            "\u560a",
            "\u560d",
            "\u013a",
            "\u013e",
            "\ud83d",
            "\ude00",
            "\ud83d\ude00",
            "\u202e",
            "\u200b",
            "\ufeff",
            "e\u0301",
            "\u05d0",
            "\u0639",
            "=?utf-8?q?x?=",
            "=?UTF-8?B?eA==?=",
            "=?",
            "?=",
            "=",
            "_",
            "%0d%0a",
            "%",
            "\\",
            "\"",
            "\\\"",
            "'",
            "`",
            "Bcc: evil@example.com",
            "Subject:",
            ":",
            ";",
            ",",
            "<",
            ">",
            "(",
            ")",
            "[",
            "]",
            "@",
            ".",
            "..",
            "--",
            "> SIZE=1",
            "> RCPT TO:<evil@example.com>",
            "RCPT TO:<evil@example.com>",
            "\" BODY=8BITMIME",
            "undisclosed:;",
            " ",
            "  ",
            "   ",
            "word",
            "Größe",
            "日本語",
            "привет",
            "x".repeat(90),
            "ü".repeat(90),
            "a b c d e f g");

    private final Random random;
    private final List<String> pieces;

    private Hostile(long seed, List<String> pieces) {
        this.random = new Random(seed);
        this.pieces = pieces;
    }

    /** Anything. */
    static Hostile text(long seed) {
        return new Hostile(seed, PIECES);
    }

    /** What a header may hold, put together in the worst way. */
    static Hostile legal(long seed) {
        return new Hostile(
                seed, PIECES.stream().filter(piece -> !forbidden(piece)).toList());
    }

    String next() {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 8);
        for (int i = 0; i < count; i++) {
            text.append(pieces.get(random.nextInt(pieces.size())));
            if (random.nextInt(20) == 0) {
                text.append((char) random.nextInt(0x3000));
            }
        }
        return text.toString();
    }

    /** What no header may hold, written down a second time. */
    static boolean forbidden(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = c < 0x20 || (c >= 0x7f && c < 0xa0);
            if (control && c != '\t') {
                return true;
            }
        }
        return !java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
