package org.corestack.mail;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;

/** The part of an address after the at-sign, in the form that goes over the wire: lower-case ASCII. */
final class Domains {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern IPV4 =
            Pattern.compile("\\[(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}]");
    private static final Pattern IPV6 = Pattern.compile("\\[ipv6:[0-9a-f:.]{2,45}]");
    private static final int LONGEST = 253;

    /**
     * Letters that the old and the current rules for internationalised names turn into different names, so that mail
     * could reach the wrong domain: sharp s, final sigma, and the two joiners.
     */
    private static final Pattern AMBIGUOUS = Pattern.compile("[\u00DF\u1E9E\u03C2\u200C\u200D]");

    private Domains() {}

    /** The ASCII form, or INVALID_ARGUMENT that says what is wrong. */
    static String ascii(String domain) {
        if (domain.startsWith("[")) {
            return literal(domain.toLowerCase(Locale.ROOT));
        }
        String ascii = Checks.ascii(domain) ? domain : encode(domain);
        String lower = ascii.toLowerCase(Locale.ROOT);
        if (lower.length() > LONGEST) {
            throw invalid("its domain has " + lower.length() + " characters; at most " + LONGEST + " are allowed");
        }
        for (String label : lower.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                throw invalid("its domain must be labels of letters, digits and inner hyphens, at most 63 each, "
                        + "separated by single dots");
            }
        }
        return lower;
    }

    private static String encode(String domain) {
        if (AMBIGUOUS.matcher(domain).find()) {
            throw invalid("its domain holds a letter that two standards encode differently; give the domain in the "
                    + "form that begins with xn--");
        }
        try {
            return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            // The JDK's reason repeats the input and names its own internals.
            throw invalid("its domain is not a valid internationalised name; one by newer rules can be given in the "
                    + "form that begins with xn--");
        }
    }

    private static String literal(String literal) {
        if (IPV4.matcher(literal).matches()) {
            return literal;
        }
        if (IPV6.matcher(literal).matches() && IpLiterals.isIpv6(literal.substring(6, literal.length() - 1))) {
            return literal;
        }
        throw invalid("its domain begins with a bracket and is neither [1.2.3.4] nor [IPv6:…]");
    }

    private static CoreException invalid(String why) {
        return CoreException.invalidArgument("an address can't be used: " + why);
    }
}
