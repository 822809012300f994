package org.corestack.mongodb;

import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.FieldPath;

/**
 * Field names as MongoDB can hold them.
 *
 * <p>To the server a dot divides a path and a leading dollar begins an operator, and it takes such names in no version
 * everywhere. So a dot is stored as U+FF0E and a leading dollar as U+FF04, their full-width forms, which look alike; at
 * the top level the names that have a meaning here, {@code _id} and {@value #META}, begin with the full-width low line
 * U+FF3F instead. Where a name has one of these characters itself, U+FF3C stands before it.
 */
final class Names {
    static final String ID = "_id";
    /** The one field that is ours. */
    static final String META = "_cs";

    static final String VERSION = "v";
    static final String BY = "by";
    static final String META_VERSION = META + "." + VERSION;
    static final String META_BY = META + "." + BY;

    private static final char DOT = '\uff0e';
    private static final char DOLLAR = '\uff04';
    private static final char LOW_LINE = '\uff3f';
    private static final char ESCAPE = '\uff3c';

    private Names() {}

    /** A name at the top level of a document, as it is stored. */
    static String top(String name) {
        return name.equals(ID) || name.equals(META) ? LOW_LINE + name.substring(1) : nested(name);
    }

    /** A name within a nested document or key, as it is stored. */
    static String nested(String name) {
        if (!needsCare(name)) {
            return name;
        }
        StringBuilder stored = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                stored.append(DOT);
            } else if (c == '$' && i == 0) {
                stored.append(DOLLAR);
            } else if (isSpecial(c)) {
                stored.append(ESCAPE).append(c);
            } else {
                stored.append(c);
            }
        }
        return stored.toString();
    }

    private static boolean needsCare(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' || isSpecial(c)) {
                return true;
            }
        }
        return name.startsWith("$");
    }

    private static boolean isSpecial(char c) {
        return c >= DOLLAR && (c == DOT || c == DOLLAR || c == LOW_LINE || c == ESCAPE);
    }

    /** Whether a name is to the server a place in a list too, where there is one. */
    static boolean isNumber(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The name of which a stored one is the form. */
    static String decode(String stored) {
        for (int i = 0; i < stored.length(); i++) {
            if (isSpecial(stored.charAt(i))) {
                return decodeSpecial(stored);
            }
        }
        return stored;
    }

    private static String decodeSpecial(String stored) {
        StringBuilder name = new StringBuilder(stored.length());
        for (int i = 0; i < stored.length(); i++) {
            char c = stored.charAt(i);
            switch (c) {
                case DOT -> name.append('.');
                case DOLLAR -> name.append('$');
                case LOW_LINE -> name.append('_');
                case ESCAPE -> {
                    boolean escapes = i + 1 < stored.length() && isSpecial(stored.charAt(i + 1));
                    name.append(escapes ? stored.charAt(++i) : c);
                }
                default -> name.append(c);
            }
        }
        return name.toString();
    }

    /** A path of the document, of its key, or of an element, as the server reads it. */
    static String path(FieldPath path) {
        return switch (path.root()) {
            case DOCUMENT -> path(path.names());
            case KEY ->
                path.names().stream()
                        .map(Names::nested)
                        .collect(Collectors.joining(".", path.isWholeKey() ? ID : ID + ".", ""));
            case ELEMENT -> "";
        };
    }

    /** A path of names as the server reads it. */
    static String path(List<String> names) {
        return names.size() == 1
                ? top(names.get(0))
                : top(names.get(0)) + "."
                        + names.stream().skip(1).map(Names::nested).collect(Collectors.joining("."));
    }
}
