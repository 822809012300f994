package org.corestack.table;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.corestack.document.FieldPath;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ser.BeanPropertyWriter;

/**
 * A field in the terms of documents.
 *
 * @param path where it stands
 * @param type the type of its values
 * @param values the class of its values, a primitive's wrapper
 * @param property the property it is; null if it was only named, or is a whole key or the item of a list
 * @param form how its values are kept
 * @param content what its values are kept as
 * @param label the field as the user named it
 */
record ResolvedField(
        FieldPath path,
        JavaType type,
        Class<?> values,
        @Nullable BeanPropertyWriter property,
        ValueForm form,
        Content content,
        String label) {
    /** Kept as texts whose order is not that of the values. */
    private static final List<Class<?>> UNORDERED = List.of(
            Enum.class,
            Duration.class,
            Period.class,
            OffsetDateTime.class,
            OffsetTime.class,
            ZonedDateTime.class,
            ZoneId.class,
            ZoneOffset.class);

    /** What values are kept as, as far as the type says. */
    enum Content {
        /** Scalars, or what can't be told. */
        SCALAR,
        /** Lists. */
        LIST,
        /** Documents. */
        DOCUMENT
    }

    /** This field, if the order of its values is kept in documents; else INVALID_ARGUMENT. */
    ResolvedField ordered() {
        if (content != Content.SCALAR) {
            throw CoreException.invalidArgument("the field " + this + " can't be ordered: it holds "
                    + (content == Content.LIST ? "a list" : "a document or map") + "; order by a scalar");
        }
        Class<?> raw = type.isReferenceType() ? type.getContentType().getRawClass() : values;
        for (Class<?> unordered : UNORDERED) {
            if (unordered.isAssignableFrom(raw)) {
                throw CoreException.invalidArgument("the field " + this + " can't be ordered: a " + raw.getSimpleName()
                        + " is kept as a text, whose order is another; order by the text with named(\"" + path
                        + "\", String.class), or keep an Instant or a number");
            }
        }
        return this;
    }

    /** A value in the form that documents hold; INVALID_ARGUMENT if it has none. */
    @Nullable
    Object write(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!values.isInstance(value)) {
            throw CoreException.invalidArgument("a value for the field " + this + " is a "
                    + value.getClass().getName() + "; it must be a " + values.getName());
        }
        try {
            return form.writing().apply(value);
        } catch (RuntimeException e) { // of the user's own code too
            throw MappingErrors.unwritable("a value for the field " + this, e);
        }
    }

    /** The value that a document's stands for; UNSUPPORTED if it does not fit the type. */
    @Nullable
    Object read(@Nullable Object kept) {
        if (kept == null) {
            return values == Optional.class ? Optional.empty() : null;
        }
        Object value;
        try {
            value = form.reading().apply(kept);
        } catch (RuntimeException e) { // of the user's own code too
            throw MappingErrors.unreadable("a value of the field " + this, values, kept, e);
        }
        if (value != null && !values.isInstance(value)) {
            throw new CoreException(
                    ErrorCode.UNSUPPORTED, "a value of the field " + this + " does not fit " + values.getName());
        }
        return value;
    }

    /** The field as the user named it. */
    @Override
    public String toString() {
        return label;
    }
}
