package org.corestack.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The types a value of a {@link Document} can have, each with the one Java class that holds it.
 *
 * <p>There are no others: what a caller passes in is brought into one of these forms or refused
 * (see {@link Document.Builder#put}).
 */
public enum ValueType {
    /** An explicit null, which is not the same as a missing field: Java {@code null}. */
    NULL,
    /** {@link Boolean}. */
    BOOLEAN,
    /** A 32 bit integer: {@link Integer}. */
    INT32,
    /** A 64 bit integer: {@link Long}. */
    INT64,
    /** A finite double: {@link Double}. */
    DOUBLE,
    /** A decimal of at most 34 digits: {@link BigDecimal}; its scale is kept. */
    DECIMAL,
    /** Well-formed Unicode text without NUL: {@link String}. */
    STRING,
    /** A sequence of bytes: {@link Bytes}. */
    BYTES,
    /** {@link java.util.UUID}. */
    UUID,
    /** A moment in whole milliseconds, of the years 0 to 9999 (UTC): {@link Instant}. */
    INSTANT,
    /** An immutable list of values: {@link List}. */
    LIST,
    /** A nested {@link Document}. */
    DOCUMENT;

    /** Whether values of this type are numbers, which compare with each other by value. */
    public boolean isNumber() {
        return this == INT32 || this == INT64 || this == DOUBLE || this == DECIMAL;
    }

    /** Whether values of this type hold no further values and are not null. */
    public boolean isScalar() {
        return this != NULL && this != LIST && this != DOCUMENT;
    }

    /**
     * The type of a value as it stands in a document.
     *
     * @param value a value in normal form, or null
     * @throws CoreException INVALID_ARGUMENT if it is of no class that a document can hold
     */
    public static ValueType of(@Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        ValueType scalar = scalarOf(value);
        if (scalar != null) {
            return scalar;
        }
        if (value instanceof Document) {
            return DOCUMENT;
        }
        if (value instanceof List<?>) {
            return LIST;
        }
        throw new CoreException(
                ErrorCode.INVALID_ARGUMENT,
                "a document can't hold a " + value.getClass().getName());
    }

    private static @Nullable ValueType scalarOf(Object value) {
        if (value instanceof String) {
            return STRING;
        }
        if (value instanceof Integer) {
            return INT32;
        }
        if (value instanceof Long) {
            return INT64;
        }
        if (value instanceof Boolean) {
            return BOOLEAN;
        }
        if (value instanceof Double) {
            return DOUBLE;
        }
        if (value instanceof BigDecimal) {
            return DECIMAL;
        }
        if (value instanceof Instant) {
            return INSTANT;
        }
        if (value instanceof java.util.UUID) {
            return UUID;
        }
        return value instanceof Bytes ? BYTES : null;
    }
}
