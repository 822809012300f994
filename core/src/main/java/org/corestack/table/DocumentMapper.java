package org.corestack.table;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.impl.UnknownSerializer;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Jackson, set up for documents: objects to document values and back through a buffer of tokens, without text
 * between. Thread-safe. What Jackson has to say is thrown as it throws it; callers put it into their own words.
 */
final class DocumentMapper {
    private final JsonMapper jackson;
    private final ObjectWriter propertyWriter;
    private final Map<JavaType, TypeProperties> properties = new ConcurrentHashMap<>();

    private DocumentMapper(EntryShape shape, JsonInclude.Include inclusion, boolean secrets) {
        DocumentModule module = new DocumentModule();
        module.addSerializer(PropertyValue.class, new PropertyValueSerializer());
        boolean go = shape == EntryShape.GO;
        this.jackson = JsonMapper.builder()
                .annotationIntrospector(new SealedTypes())
                .addModule(module)
                .addModules(go ? List.of(new GoModule()) : List.of())
                .propertyNamingStrategy(go ? PropertyNamingStrategies.LOWER_CASE : null)
                .addModules(secrets ? List.of() : List.of(new SecretModule()))
                .changeDefaultPropertyInclusion(value -> value.withValueInclusion(inclusion))
                // The order of a key's components is theirs, not the alphabet's.
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                // A record is its components, not what else it can tell.
                .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                // A value of another kind is an error, never bent into shape.
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
                // Offsets and zones are part of the value.
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                // A class without a property would be kept as an empty document, everything in it lost.
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
        this.propertyWriter = jackson.writerFor(PropertyValue.class);
    }

    /** For entries: a property that is null or an empty Optional is left out. */
    static DocumentMapper forEntries(EntryShape shape) {
        return new DocumentMapper(shape, JsonInclude.Include.NON_ABSENT, true);
    }

    /** For keys: each component is written, so that one without a value is seen. */
    static DocumentMapper forKeys(EntryShape shape) {
        return new DocumentMapper(shape, JsonInclude.Include.ALWAYS, true);
    }

    /** For events: as entries, but without what is secret. */
    static DocumentMapper forEvents(EntryShape shape) {
        return new DocumentMapper(shape, JsonInclude.Include.NON_ABSENT, false);
    }

    JavaType type(Class<?> type) {
        return jackson.constructType(type);
    }

    /** A reader of values of a type; UnfitTypeException if they can't be read at all. */
    ObjectReader reader(JavaType type) {
        ValueDeserializer<Object> deserializer =
                jackson._deserializationContext().findRootValueDeserializer(type);
        if (deserializer instanceof AbstractDeserializer
                || (deserializer instanceof BeanDeserializerBase bean && !canCreate(bean.getValueInstantiator()))) {
            throw new UnfitTypeException("it could not be read again; make it a record or a sealed type, give it"
                    + " a constructor without arguments, or annotate a constructor with @JsonCreator");
        }
        return jackson.readerFor(type);
    }

    private static boolean canCreate(ValueInstantiator creators) {
        return creators.canCreateUsingDefault()
                || creators.canCreateFromObjectWith()
                || creators.canCreateUsingDelegate();
    }

    /** Whether Jackson finds nothing to write of a type, which then must be neither abstract nor a record. */
    boolean isBlank(JavaType type) {
        return jackson._serializationContext().findValueSerializer(type) instanceof UnknownSerializer
                && !type.isAbstract();
    }

    /** What is written of a type. */
    TypeProperties properties(JavaType type) {
        return properties.computeIfAbsent(type, key -> TypeProperties.of(jackson, key));
    }

    /** A writer of values of a type. */
    ObjectWriter writer(JavaType type) {
        return jackson.writerFor(type);
    }

    /** The form that a document can hold of a value. */
    @Nullable
    Object write(Object value, ObjectWriter writer) {
        try (TokenBuffer buffer = jackson._serializationContext().bufferForValueConversion()) {
            writer.writeValue(new BoundedGenerator(buffer), value);
            try (JsonParser tokens = buffer.asParser()) {
                return DocumentTokens.read(tokens);
            }
        }
    }

    /** The form that a document can hold of a property's value, with the property's own rules. */
    @Nullable
    Object write(Object value, BeanPropertyWriter property) {
        return write(new PropertyValue(value, property), propertyWriter);
    }

    /** The object that a document's value stands for; null where the type's own code says so. */
    @Nullable
    Object read(Object value, ObjectReader reader) {
        try (TokenBuffer buffer = TokenBuffer.forGeneration()) {
            DocumentTokens.write(value, buffer);
            try (JsonParser tokens = buffer.asParser()) {
                return reader.readValue(tokens);
            }
        }
    }

    /** How the values of a type are kept. */
    ValueForm formOf(JavaType type) {
        return new ValueForm(value -> write(value, writer(type(value.getClass()))), kept -> read(kept, type, null));
    }

    /** How the values of a property are kept, by its own rules. */
    ValueForm formOf(BeanPropertyWriter property) {
        return new ValueForm(value -> write(value, property), kept -> read(kept, property.getType(), property));
    }

    /** How the items of a property that is a list are kept, by the property's own rules. */
    ValueForm formOfItem(BeanPropertyWriter property, JavaType item) {
        return new ValueForm(value -> writeItem(value, property), kept -> read(kept, item, null));
    }

    private @Nullable Object writeItem(Object item, BeanPropertyWriter property) {
        try {
            Object kept = write(listOf(item, property.getType().getRawClass()), property);
            if (kept instanceof List<?> list && list.size() == 1) {
                return list.get(0);
            }
        } catch (ClassCastException e) {
            // The property's serializer takes only lists of its own class: then by the rules of the item's type.
        }
        return write(item, writer(type(item.getClass())));
    }

    private static Object listOf(Object item, Class<?> wanted) {
        return Set.class.isAssignableFrom(wanted) ? Set.of(item) : List.of(item);
    }

    private @Nullable Object read(Object kept, JavaType type, @Nullable BeanProperty property) {
        try (TokenBuffer buffer = TokenBuffer.forGeneration()) {
            DocumentTokens.write(kept, buffer);
            try (JsonParser tokens = buffer.asParser()) {
                DeserializationContextExt context =
                        jackson._deserializationContext().assignParser(tokens);
                tokens.nextToken();
                return context.findContextualValueDeserializer(type, property).deserialize(tokens, context);
            }
        }
    }

    /** The field that says of which class a document of a type with several is; null if there is none. */
    @Nullable
    String typeField(JavaType type) {
        TypeSerializer serializer = jackson._serializationContext().findTypeSerializer(type);
        boolean within = serializer != null
                && (serializer.getTypeInclusion() == JsonTypeInfo.As.PROPERTY
                        || serializer.getTypeInclusion() == JsonTypeInfo.As.EXISTING_PROPERTY);
        return within ? serializer.getPropertyName() : null;
    }

    /** A value to be written as a property of its type would be. */
    private record PropertyValue(Object value, BeanPropertyWriter property) {}

    private static final class PropertyValueSerializer extends StdSerializer<PropertyValue> {
        PropertyValueSerializer() {
            super(PropertyValue.class);
        }

        @Override
        public void serialize(PropertyValue wanted, JsonGenerator out, SerializationContext context) {
            BeanPropertyWriter property = wanted.property();
            ValueSerializer<Object> serializer = property.getSerializer();
            if (serializer == null) {
                JavaType declared = property.getType();
                JavaType type = declared.isFinal() || declared.hasGenericTypes()
                        ? declared
                        : context.constructSpecializedType(
                                declared, wanted.value().getClass());
                serializer = context.findPrimaryPropertySerializer(type, property);
            }
            TypeSerializer type = property.getTypeSerializer();
            if (type == null) {
                serializer.serialize(wanted.value(), out, context);
            } else {
                serializer.serializeWithType(wanted.value(), out, context, type);
            }
        }
    }
}
