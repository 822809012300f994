package org.corestack.document;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.corestack.document.Sort.Term;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An index that serves equality, ranges and sorting on one path or several, the first ones first. Immutable.
 *
 * @param name its name within the collection: a letter, then letters, digits, underscores and hyphens,
 *     48 characters at most
 * @param terms the indexed paths, of the document, with their directions; {@value #MAX_TERMS} at the most
 * @param unique whether no two documents may have equal values there, numbers being equal by value; a document in which
 *     one of the values is missing or null does not count. For values that are lists or documents nothing is promised
 * @param sparse whether documents in which all the values are missing need no room in it
 * @param expireAfter documents are deleted some time after the instant at the one path is as old as this; null for never
 */
public record Index(
        String name,
        List<Term> terms,
        boolean unique,
        boolean sparse,
        @Nullable Duration expireAfter) {
    /** The most paths of an index. */
    public static final int MAX_TERMS = 16;

    private static final int MAX_NAME = 48;
    private static final int HASH_DIGITS = 12;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,47}");
    private static final Duration MAX_AGE = Duration.ofSeconds(Integer.MAX_VALUE);

    /**
     * Checks and copies.
     *
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed, the paths are none, too many, twice the same
     *     or of the key, or an expiry is below a second, not in whole seconds, or of several paths
     */
    public Index {
        if (!NAME.matcher(name).matches()) {
            throw invalid("'" + name + "' is not an index name; it must be a letter, then up to 47 letters, digits,"
                    + " underscores and hyphens");
        }
        terms = new Sort(terms).terms(); // which refuses a path that stands there twice
        if (terms.isEmpty() || terms.size() > MAX_TERMS) {
            throw invalid(
                    "the index " + name + " has " + terms.size() + " paths; it needs one, and can have " + MAX_TERMS);
        }
        for (Term term : terms) {
            term.path().ofDocument("the index " + name);
        }
        if (expireAfter != null) {
            checkExpiry(name, terms, expireAfter);
        }
    }

    private static void checkExpiry(String name, List<Term> terms, Duration age) {
        if (age.compareTo(Duration.ofSeconds(1)) < 0 || age.toNanosPart() != 0 || age.compareTo(MAX_AGE) > 0) {
            throw invalid("the index " + name + " lets documents expire after " + age
                    + "; it must be whole seconds, from one to " + MAX_AGE.toSeconds());
        }
        if (terms.size() > 1) {
            throw invalid("the index " + name + " lets documents expire and has " + terms.size()
                    + " paths; it must have one");
        }
    }

    private static CoreException invalid(String message) {
        return new CoreException(ErrorCode.INVALID_ARGUMENT, message);
    }

    /**
     * The index on paths in ascending order, named after them.
     *
     * @throws CoreException INVALID_ARGUMENT as the constructor
     */
    public static Index on(FieldPath... paths) {
        return of(List.of(paths).stream().map(path -> new Term(path, false)).toList());
    }

    /**
     * The index on paths in given directions, named after them: {@code by-a-b} on {@code a.b}, {@code by-a--b---desc} on
     * {@code a} and {@code b} descending. A name that would be long or not allowed is cut and ends in a hash of the whole.
     *
     * @throws CoreException INVALID_ARGUMENT as the constructor
     */
    public static Index of(List<Term> terms) {
        // So that no two have one name: plain names hold no hyphen, others lead to the hash.
        String full = terms.stream()
                .map(term -> String.join("-", term.path().names()) + (term.descending() ? "---desc" : ""))
                .collect(Collectors.joining("--", "by-", ""));
        boolean fits = NAME.matcher(full).matches()
                && terms.stream().allMatch(term -> term.path().isPlain());
        String plain = full.replaceAll("[^A-Za-z0-9_-]", "_");
        String name = fits
                ? full
                : plain.substring(0, Math.min(plain.length(), MAX_NAME - HASH_DIGITS - 1)) + "-" + hash(full);
        return new Index(name, terms, false, false, null);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_DIGITS / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * This index under another name.
     *
     * @throws CoreException INVALID_ARGUMENT if it is not allowed
     */
    public Index named(String other) {
        return new Index(other, terms, unique, sparse, expireAfter);
    }

    /** This index as one in which no two documents may have equal values. */
    public Index asUnique() {
        return new Index(name, terms, true, sparse, expireAfter);
    }

    /** This index without the documents in which all its values are missing. */
    public Index asSparse() {
        return new Index(name, terms, unique, true, expireAfter);
    }

    /**
     * This index as one whose documents are deleted when the instant at its path is older than this; those with another
     * value there stay.
     *
     * @param age whole seconds, at least one
     * @throws CoreException INVALID_ARGUMENT if it is not, or the index has several paths
     */
    public Index expiring(Duration age) {
        return new Index(name, terms, unique, sparse, age);
    }

    /** The indexed paths. */
    public List<FieldPath> paths() {
        List<FieldPath> paths = new ArrayList<>();
        terms.forEach(term -> paths.add(term.path()));
        return List.copyOf(paths);
    }
}
