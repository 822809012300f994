package org.corestack.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answered to an SMTP command.
 *
 * @param code three digits; the first says what it is: 2 done, 4 refused for now, 5 refused for good
 * @param enhancedCode the finer code of RFC 3463, such as {@code 5.1.1} for "no such mail box"; empty if the server gives
 *     none
 * @param text for people, in the server's language; its lines are separated by line feeds, control characters and the
 *     client's own secrets are taken out, and it ends after 2,000 characters
 */
public record SmtpReply(int code, String enhancedCode, String text) {
    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?:\\s|$)");
    /** Those of terminals, in both of their forms, and what reorders or breaks the line that people see. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]");

    private static final int LONGEST_TEXT = 2_000;

    /** Checks that all are there. */
    public SmtpReply {
        Objects.requireNonNull(enhancedCode, "enhancedCode");
        Objects.requireNonNull(text, "text");
    }

    /** Whether the same can succeed later without anybody mending something: the code is 4yz. */
    public boolean temporary() {
        return code >= 400 && code <= 499;
    }

    /** Code and text on one line. */
    @Override
    public String toString() {
        String enhanced = enhancedCode.isEmpty() ? "" : " " + enhancedCode;
        return code + enhanced + (text.isEmpty() ? "" : " " + text.replace('\n', ' '));
    }

    /** A reply from its lines as they came over the wire. */
    static SmtpReply of(int code, String wire, Secrets secrets) {
        List<String> lines = secrets.hide(unicode(wire))
                .lines()
                .map(line -> line.length() > 4 ? line.substring(4) : "")
                .map(line -> CONTROLS.matcher(line).replaceAll(" ").strip())
                .toList();
        String first = lines.isEmpty() ? "" : lines.get(0);
        Matcher matcher = ENHANCED.matcher(first);
        boolean found = matcher.lookingAt() && first.charAt(0) == Character.forDigit(code / 100, 10);
        String enhanced = found ? Objects.requireNonNull(matcher.group(1)) : "";
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            // Servers repeat the enhanced code on each line.
            String bare = found && line.startsWith(enhanced)
                    ? line.substring(enhanced.length()).strip()
                    : line;
            text.append(text.length() == 0 ? "" : "\n").append(bare);
        }
        return new SmtpReply(code, enhanced, shortened(text));
    }

    private static String shortened(StringBuilder text) {
        if (text.length() <= LONGEST_TEXT) {
            return text.toString();
        }
        // Not in the middle of a surrogate pair.
        boolean split = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
        return text.substring(0, split ? LONGEST_TEXT - 1 : LONGEST_TEXT);
    }

    /** Angus reads each byte as a character; modern servers mean UTF-8. */
    private static String unicode(String wire) {
        if (Checks.ascii(wire)) {
            return wire;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            // An older server, whose characters are those that Angus read.
            return wire;
        }
    }

    boolean positive() {
        return code >= 200 && code <= 299;
    }

    boolean refusal() {
        return code >= 400 && code <= 599;
    }
}
