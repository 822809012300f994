package org.corestack.table;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ser.BeanPropertyWriter;

/**
 * A field in the terms of documents.
 *
 * @param path where it stands
 * @param type the class of its values, a primitive's wrapper
 * @param property the property it is, whose own rules its values follow; null if it was only named
 * @param label the field as the user named it
 */
record ResolvedField(
        FieldPath path, Class<?> type, @Nullable BeanPropertyWriter property, String label) {
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

    /** Returns if the order of the field's values is kept in documents; else INVALID_ARGUMENT. */
    void checkOrdered() {
        for (Class<?> unordered : UNORDERED) {
            if (unordered.isAssignableFrom(type)) {
                throw CoreException.invalidArgument("the field " + this + " can't be ordered: a " + type.getSimpleName()
                        + " is kept as a text, whose order is another; order by the text with named(\"" + path
                        + "\", String.class), or keep an Instant or a number");
            }
        }
    }

    /** The field as the user named it. */
    @Override
    public String toString() {
        return label;
    }
}
