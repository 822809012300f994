package org.corestack.table;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/**
 * Reads a value that documents keep as it is, and takes no other for it: Jackson's own would make texts of numbers, or
 * put a value of the wrong class into a list unseen.
 */
final class KeptDeserializer<T> extends StdScalarDeserializer<T> {
    private final Class<T> type;
    private final Function<Object, @Nullable T> embedded;
    private final @Nullable ValueDeserializer<? extends T> texts;
    private final boolean numbers;

    /**
     * Of values that a parser gives whole.
     *
     * @param embedded the value of such an object; null if it is none
     * @param texts what reads the value's text form; null if it has none
     */
    KeptDeserializer(
            Class<T> type, Function<Object, @Nullable T> embedded, @Nullable ValueDeserializer<? extends T> texts) {
        this(type, embedded, texts, false);
    }

    private KeptDeserializer(
            Class<T> type,
            Function<Object, @Nullable T> embedded,
            @Nullable ValueDeserializer<? extends T> texts,
            boolean numbers) {
        super(type);
        this.type = type;
        this.embedded = embedded;
        this.texts = texts;
        this.numbers = numbers;
    }

    @Override
    @SuppressWarnings("unchecked") // what reads a T in one context reads one in another
    public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
        if (texts == null) {
            return this;
        }
        var format = findFormatOverrides(context, property, type);
        boolean asked = format != null && (format.hasShape() || format.hasPattern());
        return new KeptDeserializer<>(
                type, embedded, (ValueDeserializer<? extends T>) texts.createContextual(context, property), asked);
    }

    @Override
    @SuppressWarnings("unchecked") // Jackson's handlers of problems give a value of the class that they are asked for
    public @Nullable T deserialize(JsonParser in, DeserializationContext context) {
        boolean byText = switch (in.currentToken()) {
            case VALUE_STRING -> true;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numbers;
            default -> false;
        };
        if (byText && texts != null) {
            return texts.deserialize(in, context);
        }
        T kept = switch (in.currentToken()) {
            case VALUE_EMBEDDED_OBJECT -> embedded.apply(in.getEmbeddedObject());
            case VALUE_STRING -> type == String.class ? type.cast(in.getString()) : null;
            default -> null;
        };
        return kept != null ? kept : (T) context.handleUnexpectedToken(type, in);
    }
}
