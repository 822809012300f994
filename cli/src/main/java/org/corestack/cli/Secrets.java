package org.corestack.cli;

import java.util.regex.Pattern;

/** Finds passwords in URIs, and hides them in what is printed. */
final class Secrets {
    /** {@code scheme://user:password@}; up to the last at-sign, as passwords hold unescaped ones. */
    private static final Pattern IN_AUTHORITY = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^\\s/:@]*:)[^\\s/]+@");

    /** {@code ?password=…}, {@code &sslpassword=…} and the like. */
    private static final Pattern IN_QUERY =
            Pattern.compile("([?&][a-z_-]*(?:password|passwd|pwd|secret|token)=)[^&\\s'\"]+", Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    static boolean in(String uri) {
        return IN_AUTHORITY.matcher(uri).find() || IN_QUERY.matcher(uri).find();
    }

    static String hide(String text) {
        String half = IN_AUTHORITY.matcher(text).replaceAll("$1<hidden>@");
        return IN_QUERY.matcher(half).replaceAll("$1<hidden>");
    }
}
