package org.corestack.document;

import java.util.List;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The way to a value: one field name, or several through nested documents.
 *
 * <p>Each name is {@code [A-Za-z_][A-Za-z0-9_]*}, so that a path can be put into a query of any engine
 * without a way to smuggle in an operator. A path does not go through lists.
 *
 * @param names at least one
 */
public record FieldPath(List<String> names) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * Checks and copies.
     *
     * @throws CoreException INVALID_ARGUMENT naming the name that is not allowed
     */
    public FieldPath {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a field path needs a name");
        }
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "'" + name + "' is not a field name that can be queried; it must be a letter or underscore,"
                                + " then letters, digits and underscores");
            }
        }
    }

    /**
     * The path of a text of names with dots between.
     *
     * @throws CoreException INVALID_ARGUMENT if a name is not allowed
     */
    public static FieldPath of(String dotted) {
        return new FieldPath(List.of(dotted.split("\\.", -1)));
    }

    /** This path, continued into a nested document. */
    public FieldPath dot(FieldPath inner) {
        List<String> all = new java.util.ArrayList<>(names);
        all.addAll(inner.names);
        return new FieldPath(all);
    }

    /** The value at this path; null where it is missing or null, or where the way to it is no document. */
    public @Nullable Object read(Document document) {
        @Nullable Object value = document;
        for (String name : names) {
            if (!(value instanceof Document inner)) {
                return null;
            }
            value = inner.get(name);
        }
        return value;
    }

    /** Whether one of the two paths begins the other, or they are the same. */
    boolean overlaps(FieldPath other) {
        int shared = Math.min(names.size(), other.names.size());
        return names.subList(0, shared).equals(other.names.subList(0, shared));
    }

    /** The names with dots between. */
    @Override
    public String toString() {
        return String.join(".", names);
    }
}
