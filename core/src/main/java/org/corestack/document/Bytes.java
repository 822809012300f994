package org.corestack.document;

import java.util.Arrays;
import java.util.Base64;

/**
 * An immutable sequence of bytes, equal to another with the same content.
 *
 * <p>Thread-safe. {@link #toString} gives the length only, as bytes are often secrets.
 */
public final class Bytes implements Comparable<Bytes> {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of the given bytes. */
    public static Bytes of(byte... content) {
        return new Bytes(content.clone());
    }

    /**
     * The bytes that a Base64 text stands for.
     *
     * @throws IllegalArgumentException if the text is not Base64
     */
    public static Bytes fromBase64(String text) {
        return new Bytes(Base64.getDecoder().decode(text));
    }

    /** The bytes as Base64 with padding. */
    public String toBase64() {
        return Base64.getEncoder().encodeToString(content);
    }

    /** A copy of the content. */
    public byte[] toArray() {
        return content.clone();
    }

    /** The number of bytes. */
    public int length() {
        return content.length;
    }

    /** Compares as unsigned bytes, the shorter first where one begins the other. */
    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return "Bytes(" + content.length + ")";
    }
}
