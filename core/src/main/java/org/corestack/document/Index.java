package org.corestack.document;

import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * An index that serves equality, ranges and sorting on one path.
 *
 * @param name its name within the collection: a letter, then letters, digits, underscores and hyphens,
 *     48 characters at most
 * @param path the indexed path
 */
public record Index(String name, FieldPath path) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,47}");

    /**
     * Checks.
     *
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed
     */
    public Index {
        if (!NAME.matcher(name).matches()) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + name + "' is not an index name; it must be a letter, then up to 47 letters, digits,"
                            + " underscores and hyphens");
        }
    }

    /** The index on a path, named after it; the name of a long path is cut and ends in a hash of the whole. */
    public static Index on(FieldPath path) {
        String name = "by-" + String.join("-", path.names());
        int most = 48;
        return new Index(
                name.length() <= most ? name : name.substring(0, most - 9) + String.format("-%08x", name.hashCode()),
                path);
    }
}
