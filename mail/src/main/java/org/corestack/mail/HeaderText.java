package org.corestack.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Puts text that was checked before into headers: plain where it is plain, in encoded words (RFC 2047) where not, folded
 * into lines. What is written is read back as exactly the same text.
 */
final class HeaderText {
    /** What RFC 5322 recommends, and RFC 2047 asks of a line with an encoded word. */
    private static final int LINE = 76;

    private static final int WORD = 75;
    private static final String PREFIX_B = "=?UTF-8?B?";
    private static final String PREFIX_Q = "=?UTF-8?Q?";
    private static final String SUFFIX = "?=";
    private static final String FOLD = "\r\n ";

    /** A value that readers would decode although nobody encoded it. */
    private static final Pattern LIKE_ENCODED = Pattern.compile("=\\?[^?\\s]*\\?[bBqQ]\\?");

    private static final Pattern ATOMS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

    private HeaderText() {}

    /** A header of free text for people, such as the subject. */
    static String people(String name, String value) {
        return unstructured(name, value, LINE - 6);
    }

    /** A header that programs may read, so words that are long but legal are left as they are. */
    static String programs(String name, String value) {
        return unstructured(name, value, 900);
    }

    /** A header of a list of addresses, one or more. */
    static String addresses(String name, List<MailAddress> addresses) {
        StringBuilder header = new StringBuilder(name).append(": ");
        int column = header.length();
        for (int i = 0; i < addresses.size(); i++) {
            String item = address(addresses.get(i)) + (i + 1 < addresses.size() ? "," : "");
            int first = item.indexOf('\r');
            if (i > 0) {
                boolean fits = column + 1 + (first < 0 ? item.length() : first) <= LINE;
                header.append(fits ? " " : FOLD);
                column = fits ? column + 1 : 1;
            }
            header.append(item);
            int last = item.lastIndexOf('\n');
            column = last < 0 ? column + item.length() : item.length() - last - 1;
        }
        return header.append("\r\n").toString();
    }

    private static String address(MailAddress address) {
        String name = address.name();
        if (name.isEmpty()) {
            return address.address();
        }
        String phrase = phrase(name);
        int end = phrase.length() - phrase.lastIndexOf('\n') - 1;
        boolean fits = end + address.address().length() + 4 <= LINE;
        return phrase + (fits ? " <" : FOLD + "<") + address.address() + ">";
    }

    private static String phrase(String name) {
        if (!Checks.ascii(name)
                || name.indexOf('\t') >= 0
                || name.length() > 60
                || LIKE_ENCODED.matcher(name).find()) {
            // The name of the header stands before the first word at most with "Reply-To: ".
            return encoded(name, 12);
        }
        if (ATOMS.matcher(name).matches()) {
            return name;
        }
        return "\"" + name.replaceAll("([\"\\\\])", "\\\\$1") + "\"";
    }

    private static String unstructured(String name, String value, int longestWord) {
        StringBuilder header = new StringBuilder(name).append(":");
        if (!plain(value, longestWord)) {
            boolean apart = header.length() > LINE / 2;
            return header.append(apart ? FOLD : " ")
                    .append(encoded(value, apart ? 1 : header.length() + 1))
                    .append("\r\n")
                    .toString();
        }
        int column = header.length();
        boolean first = true;
        for (String word : value.split(" ", -1)) {
            boolean fits = first || column + 1 + word.length() <= LINE;
            header.append(fits ? " " : FOLD).append(word);
            column = (fits ? column + 1 : 1) + word.length();
            first = false;
        }
        return header.append("\r\n").toString();
    }

    /** Whether words with one space between them say it all, so that folding can't change it. */
    private static boolean plain(String value, int longestWord) {
        if (!Checks.ascii(value)
                || value.indexOf('\t') >= 0
                || LIKE_ENCODED.matcher(value).find()) {
            return false;
        }
        for (String word : value.split(" ", -1)) {
            if (word.isEmpty() ? !value.isEmpty() : word.length() > longestWord) {
                return false;
            }
        }
        return true;
    }

    /** Encoded words, a fold between them. The first line has so many columns taken. */
    private static String encoded(String text, int taken) {
        boolean quoted = quotedIsShorter(text);
        StringBuilder result = new StringBuilder();
        StringBuilder word = new StringBuilder();
        int room = WORD - PREFIX_B.length() - SUFFIX.length() - taken;
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int width = quoted ? quotedWidth(codePoint) : utf8Width(codePoint);
            int limit = quoted ? room : room / 4 * 3;
            if (used + width > limit) {
                result.append(word(word.toString(), quoted)).append(FOLD);
                word.setLength(0);
                used = 0;
                room = WORD - PREFIX_B.length() - SUFFIX.length() - 1;
            }
            word.appendCodePoint(codePoint);
            used += width;
            i += Character.charCount(codePoint);
        }
        return result.append(word(word.toString(), quoted)).toString();
    }

    private static String word(String text, boolean quoted) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!quoted) {
            return PREFIX_B + Base64.getEncoder().encodeToString(bytes) + SUFFIX;
        }
        StringBuilder word = new StringBuilder(PREFIX_Q);
        for (byte b : bytes) {
            if (b == ' ') {
                word.append('_');
            } else if (safe(b)) {
                word.append((char) b);
            } else {
                word.append(String.format(Locale.ROOT, "=%02X", b & 0xff));
            }
        }
        return word.append(SUFFIX).toString();
    }

    private static boolean quotedIsShorter(String text) {
        int quoted = text.codePoints().map(HeaderText::quotedWidth).sum();
        return quoted <= (text.getBytes(StandardCharsets.UTF_8).length + 2) / 3 * 4;
    }

    private static int quotedWidth(int codePoint) {
        return codePoint == ' ' || safe(codePoint) ? 1 : 3 * utf8Width(codePoint);
    }

    private static int utf8Width(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /** What the Q encoding may leave as it is wherever an encoded word stands. */
    private static boolean safe(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
}
