package org.corestack.document;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a document within its collection: a scalar, or a record of named scalars and records
 * whose names and order are part of its identity.
 *
 * <p>Scalars are strings, integers (1 and 1L are one key), booleans, UUIDs, instants and bytes; doubles
 * and decimals are refused, as their equality differs from engine to engine. The canonical form
 * ({@link #toBytes}) is the same on every engine; as unsigned bytes it orders keys of one type by value.
 * It takes at most {@value #MAX_SIZE} bytes.
 *
 * <p>Thread-safe.
 */
public final class Key implements Comparable<Key> {
    /** The most bytes that the canonical form of a key may take. */
    public static final int MAX_SIZE = 1024;

    private final Object value;
    private final Bytes canonical;

    private Key(Object value, Bytes canonical) {
        this.value = value;
        this.canonical = canonical;
    }

    /**
     * The key of a scalar, or of a map from component names to scalars or maps, in the map's order.
     *
     * @param value String, Integer, Long, Short, Byte, Boolean, UUID, Instant (cut to milliseconds), byte[],
     *     {@link Bytes}, a Map or a {@link Document}
     * @throws CoreException INVALID_ARGUMENT if it is null, of another type, an empty record, or too long
     */
    public static Key of(Object value) {
        Object normal = normalize(value, 0);
        Bytes canonical = Bytes.of(KeyCodec.encode(normal));
        if (canonical.length() > MAX_SIZE) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the key takes " + canonical.length() + " bytes in canonical form; at most " + MAX_SIZE
                            + " are allowed");
        }
        return new Key(normal, canonical);
    }

    /**
     * The key whose canonical form is given.
     *
     * @throws CoreException DATA_LOSS if the bytes are no canonical form
     */
    public static Key fromBytes(byte[] canonical) {
        return new Key(KeyCodec.decode(canonical), Bytes.of(canonical));
    }

    @SuppressWarnings("NullAway") // a null from careless callers is to be named, not to be a NullPointerException
    private static Object normalize(@Nullable Object value, int depth) {
        if (value == null) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a key, or a component of one, is null");
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Long || value instanceof Boolean || value instanceof UUID) {
            return value;
        }
        if (value instanceof String || value instanceof Instant || value instanceof byte[] || value instanceof Bytes) {
            return Values.normalize(value, "the key", 1);
        }
        if (value instanceof Document document) {
            return normalizeRecord(document.asMap(), depth);
        }
        if (value instanceof Map<?, ?> map) {
            return normalizeRecord(map, depth);
        }
        throw new CoreException(
                ErrorCode.INVALID_ARGUMENT,
                "a key can't be a " + value.getClass().getName()
                        + "; use a String, an integer, a boolean, a UUID, an Instant, bytes or a record of these");
    }

    private static Document normalizeRecord(Map<?, ?> map, int depth) {
        if (map.isEmpty() || depth > 8) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    map.isEmpty() ? "a record as a key needs a component" : "a key is nested more than 8 levels deep");
        }
        Map<String, Object> components = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a key has a component whose name is no String");
            }
            components.put(name, normalize(entry.getValue(), depth + 1));
        }
        return Document.from(components);
    }

    /**
     * The key's value: String, Long, Boolean, UUID, Instant, {@link Bytes}, or for a record a
     * {@link Document} whose fields stand in the key's order.
     */
    public Object value() {
        return value;
    }

    /** Whether the key is a record of components. */
    public boolean isRecord() {
        return value instanceof Document;
    }

    /** The names of a record's components, in order; empty for a scalar. */
    public List<String> componentNames() {
        return value instanceof Document document ? new ArrayList<>(document.names()) : List.of();
    }

    /** The canonical form, a new array at each call. */
    public byte[] toBytes() {
        return canonical.toArray();
    }

    /** By the canonical form as unsigned bytes: keys of one type by value, strings by code point. */
    @Override
    public int compareTo(Key other) {
        return canonical.compareTo(other.canonical);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && canonical.equals(key.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    /** For people: the value, cut short. Not a format to parse. */
    @Override
    public String toString() {
        String text = value.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
