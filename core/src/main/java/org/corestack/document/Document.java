package org.corestack.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An immutable tree of named values, the neutral form in which every engine stores and returns data.
 *
 * <p>Values have the types of {@link ValueType} and keep them: what is stored as a 64 bit integer is
 * read as one. Two documents are equal when they hold equal values of equal types under equal names;
 * the order of the fields is kept where the engine can and is not part of equality.
 *
 * <p>Limits, the same on every engine: {@value #MAX_SIZE} bytes (as BSON), 100 levels, no empty names
 * and no NUL in names. Thread-safe.
 */
public final class Document {
    /** The largest size of a document in bytes, as {@link #size()} counts them: 15 MiB. */
    public static final int MAX_SIZE = 15 * 1024 * 1024;

    private static final Document EMPTY = new Document(Map.of(), 1, 5);

    private final Map<String, @Nullable Object> fields;
    private final int depth;
    /** No less than the size, and found without looking at each character. */
    private final int bound;
    /** Zero until it is asked for, as few documents come near the limit. */
    private int size;

    private Document(Map<String, @Nullable Object> fields, int depth, int bound) {
        this.fields = fields;
        this.depth = depth;
        this.bound = bound;
    }

    /** The document without fields. */
    public static Document empty() {
        return EMPTY;
    }

    /**
     * A document of one field.
     *
     * @throws CoreException INVALID_ARGUMENT as {@link Builder#put}
     */
    public static Document of(String name, @Nullable Object value) {
        return builder().put(name, value).build();
    }

    /**
     * A document of two fields.
     *
     * @throws CoreException INVALID_ARGUMENT as {@link Builder#put}
     */
    public static Document of(String name1, @Nullable Object value1, String name2, @Nullable Object value2) {
        return builder().put(name1, value1).put(name2, value2).build();
    }

    /**
     * A document of a map's entries, in the map's order.
     *
     * @throws CoreException INVALID_ARGUMENT as {@link Builder#put}
     */
    public static Document from(Map<String, ?> fields) {
        return from(fields, "the document", 0);
    }

    static Document from(Map<?, ?> map, String where, int depth) {
        Builder builder = new Builder(where, depth);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the map at " + where + " has a key that is not a String: field names must be");
            }
            builder.put(name, entry.getValue());
        }
        return builder.build();
    }

    /** A builder without fields. */
    public static Builder builder() {
        return new Builder("the document", 0);
    }

    /** The value of a field; null where it is absent or an explicit null ({@link #contains} tells them apart). */
    public @Nullable Object get(String name) {
        return fields.get(name);
    }

    /**
     * The value of a field as a given class.
     *
     * @param type the class that {@link ValueType} names for the field's type
     * @throws CoreException NOT_FOUND if the field is absent or null, INVALID_ARGUMENT if it is of another type
     */
    public <T> T get(String name, Class<T> type) {
        Object value = fields.get(name);
        if (value == null) {
            throw new CoreException(ErrorCode.NOT_FOUND, "the document has no field " + name);
        }
        if (!type.isInstance(value)) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the field " + name + " is of type " + ValueType.of(value) + ", not a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /** Whether the field is there, be it as an explicit null. */
    public boolean contains(String name) {
        return fields.containsKey(name);
    }

    /** The names of the fields. */
    public Set<String> names() {
        return fields.keySet();
    }

    /** The fields as an unmodifiable map. */
    public Map<String, @Nullable Object> asMap() {
        return fields;
    }

    /** Whether there are no fields. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /**
     * This document with one field set.
     *
     * @throws CoreException INVALID_ARGUMENT as {@link Builder#put}
     */
    public Document with(String name, @Nullable Object value) {
        Builder builder = builder();
        fields.forEach(builder::put);
        return builder.set(name, value).build();
    }

    /** This document without a field; itself where there is none of that name. */
    public Document without(String name) {
        if (!contains(name)) {
            return this;
        }
        Builder builder = builder();
        fields.forEach((other, value) -> {
            if (!other.equals(name)) {
                builder.put(other, value);
            }
        });
        return builder.build();
    }

    /** The bytes this document takes as BSON, the measure of the size limit on every engine. */
    public long size() {
        int known = size;
        if (known == 0) {
            known = (int) DocumentSize.exact(fields);
            size = known;
        }
        return known;
    }

    int depth() {
        return depth;
    }

    int bound() {
        return bound;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Document document && fields.equals(document.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** For people: the fields, long values cut short. Not a format to parse. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        fields.forEach((name, value) -> {
            if (text.length() < 1000) {
                String shown = String.valueOf(value);
                text.append(text.length() == 1 ? "" : ", ").append(name).append(": ");
                text.append(shown.length() <= 200 ? shown : shown.substring(0, 200) + "…");
            }
        });
        return text.append(text.length() < 1000 ? "}" : ", …}").toString();
    }

    /** Collects the fields of a document, in order. Not thread-safe; what is set later is not in a document built before. */
    public static final class Builder {
        private final String where;
        private final int depth;
        private LinkedHashMap<String, @Nullable Object> fields = new LinkedHashMap<>();
        private boolean built;
        // what the fields add to the document's own, kept while they come: reading a list builds one for each document
        private int deepest;
        private long bound;
        private boolean replaced;

        private Builder(String where, int depth) {
            this.where = where;
            this.depth = depth;
        }

        /**
         * Adds a field.
         *
         * @param name not empty, no NUL, not there already
         * @param value null, Boolean, Integer (or Short, Byte), Long, Double (or Float), BigDecimal, String,
         *     byte[] or {@link Bytes}, UUID, Instant (cut to milliseconds), a Collection, a Map with String
         *     keys, or a Document; copied where it could change later
         * @throws CoreException INVALID_ARGUMENT naming the field, if the name or the value can't be kept
         */
        public Builder put(String name, @Nullable Object value) {
            int before = fields.size();
            set(name, value);
            if (fields.size() == before) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the field " + name + " is set twice");
            }
            return this;
        }

        /**
         * Sets a field, replacing the value it may have had.
         *
         * @throws CoreException INVALID_ARGUMENT as {@link #put}
         */
        public Builder set(String name, @Nullable Object value) {
            if (built) {
                fields = new LinkedHashMap<>(fields); // the ones before are the document's that was built
                built = false;
            }
            if (name.isEmpty()) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a field name in " + where + " is empty");
            }
            if (!Values.isText(name)) {
                Values.checkText(name, "a field name in " + where);
            }
            // the message is made where it is needed only: this is done for every value that is read
            Object normal =
                    Values.isNormalScalar(value) ? value : Values.normalize(value, "the field " + name, depth + 1);
            int before = fields.size();
            fields.put(name, normal);
            replaced |= fields.size() == before;
            count(name, normal);
            return this;
        }

        /**
         * The document of the fields set so far.
         *
         * @throws CoreException INVALID_ARGUMENT if it is larger than {@link #MAX_SIZE}
         */
        public Document build() {
            built = true;
            if (fields.isEmpty()) {
                return EMPTY;
            }
            if (replaced) {
                recount();
            }
            long size = DocumentSize.FRAME + bound;
            if (size > MAX_SIZE) {
                size = DocumentSize.exact(fields);
            }
            if (size > MAX_SIZE) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        where + " takes " + size + " bytes; at most " + MAX_SIZE + " can be kept");
            }
            return new Document(Collections.unmodifiableMap(fields), deepest + 1, (int) size);
        }

        private void count(String name, @Nullable Object value) {
            deepest = Math.max(deepest, depthOf(value));
            bound += DocumentSize.fieldBound(name, value);
        }

        /** Of what was replaced nothing counts. */
        private void recount() {
            deepest = 0;
            bound = 0;
            replaced = false;
            fields.forEach(this::count);
        }

        private static int depthOf(@Nullable Object value) {
            if (value instanceof Document document) {
                return document.depth;
            }
            int deepest = 0;
            if (value instanceof List<?> list) {
                for (int i = 0;
                        i < list.size();
                        i++) { // an iterator of it is two objects and three calls for each step
                    deepest = Math.max(deepest, depthOf(list.get(i)));
                }
                deepest++;
            }
            return deepest;
        }
    }
}
