package org.corestack.mail;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;

/**
 * The address of one mail box, with a name if it has one. Immutable; checked when it is made, so that one that exists can
 * go into a header and into an SMTP command.
 *
 * <p>Internationalised addresses work: a domain is kept in its ASCII form ({@code xn--…}), and a local part outside of
 * ASCII is kept in Unicode's form C and needs a server with SMTPUTF8. A quoted local part is taken where only the place of
 * its dots asks for the quotes ({@code "a..b"@example.org}); spaces, at-signs, brackets and backslashes in it are refused,
 * because servers differ in how they read them. Comments, groups and lists are refused. Two addresses are equal if name,
 * local part and domain are; a local part's case counts, a domain's does not.
 *
 * @param name the name of its owner in any script, empty if there is none
 * @param address the address itself, {@code local@domain}
 */
public record MailAddress(String name, String address) {
    private static final Pattern WITH_NAME = Pattern.compile("([^<>]*)<([^<>]*)>\\s*");
    private static final Pattern QUOTED_NAME = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern SPECIALS = Pattern.compile("[()<>\\[\\]:;@\\\\,\"]");
    private static final String ATEXT = "A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-";
    private static final Pattern DOTTED =
            Pattern.compile("[" + ATEXT + "\\x80-\\x{10FFFF}]+" + "(?:\\.[" + ATEXT + "\\x80-\\x{10FFFF}]+)*");
    private static final Pattern QUOTED = Pattern.compile("\"[" + ATEXT + ".]+\"");
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST = 254;

    /**
     * Checks both and brings the address into its canonical form.
     *
     * @throws CoreException with INVALID_ARGUMENT if one of them can't be used; the message says why
     */
    public MailAddress {
        name = Checks.line("the name of an address", name).strip();
        address = canonical(Objects.requireNonNull(address, "address"));
    }

    /**
     * An address without a name.
     *
     * @param address {@code local@domain}
     * @throws CoreException with INVALID_ARGUMENT if it is not one address
     */
    public static MailAddress of(String address) {
        return new MailAddress("", address);
    }

    /**
     * An address from text: {@code local@domain}, {@code Name <local@domain>} or {@code "Name, quoted" <local@domain>}.
     * To put together a name and an address that come from elsewhere use the constructor, which takes any name.
     *
     * @param text one address; a list of several is refused
     * @throws CoreException with INVALID_ARGUMENT if it is not one address
     */
    public static MailAddress parse(String text) {
        Checks.line("an address", text);
        Matcher matcher = WITH_NAME.matcher(text);
        if (!matcher.matches()) {
            return of(text.strip());
        }
        return new MailAddress(name(matcher.group(1).strip()), matcher.group(2));
    }

    /** The part before the at-sign, in quotes if it needs them. */
    public String localPart() {
        return address.substring(0, address.lastIndexOf('@'));
    }

    /** The part after the at-sign, in ASCII and lower case. */
    public String domain() {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /** This address without its name. */
    public MailAddress withoutName() {
        return name.isEmpty() ? this : new MailAddress("", address);
    }

    /** As people write it: {@code Name <local@domain>}. Not the form that stands in a header. */
    @Override
    public String toString() {
        return name.isEmpty() ? address : name + " <" + address + ">";
    }

    /** Whether only a server with SMTPUTF8 can take it. */
    boolean needsUtf8() {
        return !Checks.ascii(address);
    }

    private static String name(String text) {
        Matcher quoted = QUOTED_NAME.matcher(text);
        if (quoted.matches()) {
            return quoted.group(1).replaceAll("\\\\(.)", "$1");
        }
        if (SPECIALS.matcher(text).find()) {
            throw invalid("its name must be in quotes because it holds one of ()<>[]:;@\\,\"");
        }
        return text;
    }

    private static String canonical(String text) {
        Checks.line("an address", text);
        int at = text.lastIndexOf('@');
        if (at <= 0 || at == text.length() - 1) {
            throw invalid("it must have the form local@domain");
        }
        String result = local(text.substring(0, at)) + "@" + Domains.ascii(text.substring(at + 1));
        if (result.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw invalid("it is longer than " + LONGEST + " bytes");
        }
        return result;
    }

    private static String local(String given) {
        String text = Normalizer.normalize(given, Normalizer.Form.NFC);
        boolean quoted = QUOTED.matcher(text).matches();
        if (!quoted && !DOTTED.matcher(text).matches()) {
            throw invalid(
                    "the part before the at-sign must be letters, digits, !#$%&'*+/=?^_`{|}~- and single inner dots");
        }
        String bare = quoted ? text.substring(1, text.length() - 1) : text;
        if (!bare.codePoints().allMatch(MailAddress::visible)) {
            throw invalid("the part before the at-sign holds a space or an invisible character");
        }
        if (bare.getBytes(StandardCharsets.UTF_8).length > LONGEST_LOCAL) {
            throw invalid("the part before the at-sign is longer than " + LONGEST_LOCAL + " bytes");
        }
        return DOTTED.matcher(bare).matches() ? bare : text;
    }

    private static boolean visible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static CoreException invalid(String why) {
        return CoreException.invalidArgument("an address can't be used: " + why);
    }
}
