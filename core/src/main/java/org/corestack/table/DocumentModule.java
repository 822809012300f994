package org.corestack.table;

import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.jdk.UUIDDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;
import tools.jackson.databind.ext.javatime.ser.InstantSerializer;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.impl.UnknownSerializer;
import tools.jackson.databind.ser.jdk.UUIDSerializer;
import tools.jackson.databind.ser.std.StdSerializer;

/** Teaches Jackson the types that documents have and JSON has not. */
final class DocumentModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    DocumentModule() {
        super("corestack-documents");
        addSerializer(Instant.class, new KeptSerializer<>(Instant.class, InstantSerializer.INSTANCE));
        addSerializer(UUID.class, new KeptSerializer<>(UUID.class, new UUIDSerializer()));
        addSerializer(Bytes.class, new KeptSerializer<>(Bytes.class, null));
        addSerializer(Document.class, new KeptSerializer<>(Document.class, null));
        keep(Instant.class, InstantDeserializer.INSTANT);
        keep(OffsetDateTime.class, InstantDeserializer.OFFSET_DATE_TIME);
        keep(ZonedDateTime.class, InstantDeserializer.ZONED_DATE_TIME);
        keep(UUID.class, new UUIDDeserializer());
        keep(String.class, null);
        keep(byte[].class, null);
        addDeserializer(
                Bytes.class,
                new KeptDeserializer<>(
                        Bytes.class, object -> object instanceof byte[] content ? Bytes.of(content) : null, null));
        addDeserializer(Document.class, new DocumentDeserializer());
        addDeserializer(BigInteger.class, new BigIntegerDeserializer());
        setSerializerModifier(new EmptyRecords());
    }

    private <T> void keep(Class<T> type, @Nullable ValueDeserializer<? extends T> texts) {
        addDeserializer(
                type,
                new KeptDeserializer<T>(type, object -> type.isInstance(object) ? type.cast(object) : null, texts));
    }

    /**
     * Keeps a value as it is, unless an annotation of its property says that it is to be a text or number.
     */
    private static final class KeptSerializer<T> extends StdSerializer<T> {
        private final @Nullable ValueSerializer<T> formatted;

        KeptSerializer(Class<T> type, @Nullable ValueSerializer<T> formatted) {
            super(type);
            this.formatted = formatted;
        }

        @Override
        public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
            var format = findFormatOverrides(context, property, handledType());
            boolean asked = format != null && (format.hasShape() || format.hasPattern());
            return asked && formatted != null ? formatted.createContextual(context, property) : this;
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeEmbeddedObject(value);
        }

        @Override
        public void acceptJsonFormatVisitor(JsonFormatVisitorWrapper visitor, JavaType type) {
            if (handledType() == Document.class) {
                visitor.expectMapFormat(type);
            } else {
                visitor.expectStringFormat(type);
            }
        }

        @Override
        public void serializeWithType(T value, JsonGenerator out, SerializationContext context, TypeSerializer type) {
            serialize(value, out, context);
        }
    }

    private static final class DocumentDeserializer extends StdDeserializer<Document> {
        DocumentDeserializer() {
            super(Document.class);
        }

        @Override
        public @Nullable Document deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() == JsonToken.START_OBJECT) {
                return (Document) DocumentTokens.readCurrent(in);
            }
            return (Document) context.handleUnexpectedToken(Document.class, in);
        }
    }

    /** Kept as a decimal, which Jackson would not read as an integer. */
    private static final class BigIntegerDeserializer extends StdDeserializer<BigInteger> {
        BigIntegerDeserializer() {
            super(BigInteger.class);
        }

        @Override
        public BigInteger deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() == JsonToken.VALUE_NUMBER_INT || in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
                try {
                    return in.getDecimalValue().toBigIntegerExact();
                } catch (ArithmeticException e) {
                    return context.reportInputMismatch(this, "the number has a fraction");
                }
            }
            return (BigInteger) context.handleUnexpectedToken(BigInteger.class, in);
        }
    }

    /** Lets a record without components be an empty document, while other types without a property stay an error. */
    private static final class EmptyRecords extends ValueSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public ValueSerializer<?> modifySerializer(
                SerializationConfig config, BeanDescription.Supplier type, ValueSerializer<?> serializer) {
            boolean empty = serializer instanceof UnknownSerializer
                    && type.getBeanClass().isRecord();
            return empty ? new EmptySerializer() : serializer;
        }
    }

    private static final class EmptySerializer extends StdSerializer<Object> {
        EmptySerializer() {
            super(Object.class);
        }

        @Override
        public void serialize(Object value, JsonGenerator out, SerializationContext context) {
            out.writeStartObject(value);
            out.writeEndObject();
        }

        @Override
        public void serializeWithType(
                Object value, JsonGenerator out, SerializationContext context, TypeSerializer type) {
            var prefix = type.writeTypePrefix(out, context, type.typeId(value, JsonToken.START_OBJECT));
            type.writeTypeSuffix(out, context, prefix);
        }
    }
}
