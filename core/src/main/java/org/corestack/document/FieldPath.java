package org.corestack.document;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The way to a value: one field name, or several through nested documents; of the document, of its key, or, within
 * {@link Filter.Any}, the element of a list itself.
 *
 * <p>Each name is {@code [A-Za-z_][A-Za-z0-9_]*}, or passed the check of {@link #quoted}, so that a path can be put
 * into a query of any engine without a way to smuggle in an operator. A path does not go through lists. Immutable.
 *
 * @param root where the way begins
 * @param names at least one from a document; possibly none from a key; none from an element
 */
public record FieldPath(Root root, List<String> names) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** No dot, dollar, quotation mark, backslash or control character, which mean something to some engine. */
    private static final Pattern QUOTED = Pattern.compile("[\\p{L}\\p{M}\\p{N} !#%&()*+,/:;<=>?@^_|~{}\\[\\]-]+");

    /** Where a path begins. */
    public enum Root {
        /** At the document, or within {@link Filter.Any} at the element that is a document. */
        DOCUMENT,
        /** At the document's key. */
        KEY,
        /** At the element of a list: only within {@link Filter.Any}. */
        ELEMENT
    }

    /**
     * Checks and copies.
     *
     * @throws CoreException INVALID_ARGUMENT naming the name that is not allowed
     */
    public FieldPath {
        names = List.copyOf(names);
        if (names.isEmpty() && root == Root.DOCUMENT) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a field path needs a name");
        }
        if (!names.isEmpty() && root == Root.ELEMENT) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "the path of an element has no names; a field of it is a plain path");
        }
        for (String name : names) {
            if (!NAME.matcher(name).matches() && !QUOTED.matcher(name).matches()) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "'" + name + "' is not a field name that can be queried; it can have no dot, dollar,"
                                + " quotation mark, backslash or control character");
            }
        }
    }

    /** The path of names from the document. */
    public FieldPath(List<String> names) {
        this(Root.DOCUMENT, names);
    }

    /**
     * The path of a text of names with dots between.
     *
     * @throws CoreException INVALID_ARGUMENT if a name is not a letter or underscore, then letters, digits and
     *     underscores
     */
    public static FieldPath of(String dotted) {
        return new FieldPath(plain(dotted));
    }

    /**
     * The path of one name that need not be plain: letters and digits of any script, spaces and most signs.
     *
     * @throws CoreException INVALID_ARGUMENT if it has a dot, dollar, quotation mark, backslash or control character
     */
    public static FieldPath quoted(String name) {
        return new FieldPath(List.of(name));
    }

    /** The path of the key itself. */
    public static FieldPath key() {
        return new FieldPath(Root.KEY, List.of());
    }

    /**
     * The path of a component of the key, which is a record.
     *
     * @throws CoreException INVALID_ARGUMENT as {@link #of}
     */
    public static FieldPath key(String dotted) {
        return new FieldPath(Root.KEY, plain(dotted));
    }

    /** The path of the element of a list, where that is a scalar: only within {@link Filter.Any}. */
    public static FieldPath element() {
        return new FieldPath(Root.ELEMENT, List.of());
    }

    private static List<String> plain(String dotted) {
        List<String> names = List.of(dotted.split("\\.", -1));
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "'" + name + "' is not a plain field name; it must be a letter or underscore, then letters,"
                                + " digits and underscores; other names can be quoted");
            }
        }
        return names;
    }

    /**
     * This path, continued into a nested document.
     *
     * @throws CoreException INVALID_ARGUMENT if the other path does not begin at a document
     */
    public FieldPath dot(FieldPath inner) {
        if (inner.root != Root.DOCUMENT) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the path " + inner + " can't continue another");
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(inner.names);
        return new FieldPath(root, all);
    }

    /** Whether each name is a letter or underscore, then letters, digits and underscores. */
    boolean isPlain() {
        return names.stream().allMatch(name -> NAME.matcher(name).matches());
    }

    /** Whether it is the path of the whole key. */
    public boolean isWholeKey() {
        return root == Root.KEY && names.isEmpty();
    }

    /**
     * The value at this path; null where it is missing or null, or where the way to it is no document.
     *
     * @param key the document's key
     * @param document the document
     */
    public @Nullable Object read(Key key, Document document) {
        return read(root == Root.KEY ? key.value() : document);
    }

    /** The value at this path from the value of its root. */
    @Nullable
    Object read(@Nullable Object value) {
        @Nullable Object at = value;
        for (String name : names) {
            if (!(at instanceof Document inner)) {
                return null;
            }
            at = inner.get(name);
        }
        return at;
    }

    /** Whether there is a value at this path, be it null, from the value of its root. */
    boolean isPresent(@Nullable Object value) {
        if (names.isEmpty()) {
            return true;
        }
        int last = names.size() - 1;
        Object holder = last == 0 ? value : new FieldPath(root, names.subList(0, last)).read(value);
        return holder instanceof Document document && document.contains(names.get(last));
    }

    /** Whether one of the two paths begins the other, or they are the same. */
    boolean overlaps(FieldPath other) {
        int shared = Math.min(names.size(), other.names.size());
        return root == other.root && names.subList(0, shared).equals(other.names.subList(0, shared));
    }

    /** This path; INVALID_ARGUMENT if it does not begin at the document. */
    FieldPath ofDocument(String where) {
        if (root != Root.DOCUMENT) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, where + " is on " + this + "; it must be on a field of the document");
        }
        return this;
    }

    /** This path; INVALID_ARGUMENT if it is that of the element of a list. */
    FieldPath notOfElement(String where) {
        if (root == Root.ELEMENT) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, where + " the element of a list; it must be a field or the key");
        }
        return this;
    }

    /** The names with dots between; those of a key in brackets. */
    @Override
    public String toString() {
        String dotted = names.stream()
                .map(name -> NAME.matcher(name).matches() ? name : "'" + name + "'")
                .collect(Collectors.joining("."));
        return switch (root) {
            case DOCUMENT -> dotted;
            case KEY -> "key(" + dotted + ")";
            case ELEMENT -> "element()";
        };
    }
}
