package org.corestack.mail;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;

/** What all text and all limits have to keep, whoever gives them. */
final class Checks {
    /** Socket timeouts are milliseconds in an int. */
    private static final Duration LONGEST = Duration.ofDays(20);

    private static final Pattern ATOMS = Pattern.compile("[!-9;-~]{1,76}");

    private Checks() {}

    /**
     * Text for one line of a header: no line breaks, no other controls but a tab, no half of a surrogate pair.
     *
     * @param what names the text in the error; the text itself is not repeated, as it may be private
     */
    static String line(String what, String text) {
        Objects.requireNonNull(text, what);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\t') {
                throw CoreException.invalidArgument(what + " holds a " + name(c) + " at index " + i
                        + "; it must be one line without control characters");
            }
        }
        return paired(what, text);
    }

    /** Text of any number of lines without half of a surrogate pair, which no encoding can carry. */
    static String paired(String what, String text) {
        Objects.requireNonNull(text, what);
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (Character.getType(codePoint) == Character.SURROGATE) {
                throw CoreException.invalidArgument(
                        what + " holds half of a surrogate pair at index " + i + "; it must be valid Unicode");
            }
        }
        return text;
    }

    /** The name of a header: printable ASCII without a colon, as RFC 5322 has it. */
    static String headerName(String name) {
        Objects.requireNonNull(name, "the header's name");
        if (!ATOMS.matcher(name).matches()) {
            throw CoreException.invalidArgument(
                    "the header's name must be 1 to 76 printable ASCII characters without a space or a colon; it has "
                            + name.length() + " characters");
        }
        return name;
    }

    /** A timeout that a socket can keep. */
    static Duration timeout(String what, Duration timeout) {
        Objects.requireNonNull(timeout, what);
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw CoreException.invalidArgument(what + " is " + timeout
                    + "; it must be at least a millisecond and at most " + LONGEST.toDays() + " days");
        }
        return timeout;
    }

    static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 126) {
                return false;
            }
        }
        return true;
    }

    private static String name(char c) {
        return switch (c) {
            case '\r' -> "carriage return";
            case '\n' -> "line feed";
            case '\0' -> "NUL";
            default -> String.format(Locale.ROOT, "control character U+%04X", (int) c);
        };
    }
}
