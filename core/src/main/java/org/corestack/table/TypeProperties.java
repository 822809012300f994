package org.corestack.table;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.ser.BeanPropertyWriter;

/**
 * What Jackson writes of a type: its properties by name and by getter, those of its subtypes included. Found by asking
 * Jackson's own serializer, so that every annotation counts.
 */
final class TypeProperties {
    private final Map<String, BeanPropertyWriter> byName = new LinkedHashMap<>();
    private final Map<String, BeanPropertyWriter> byGetter = new LinkedHashMap<>();
    private boolean scalar;

    private TypeProperties() {}

    /** The properties of a type; what Jackson finds wrong with it is thrown as Jackson does. */
    static TypeProperties of(JsonMapper mapper, JavaType type) {
        TypeProperties properties = new TypeProperties();
        mapper.acceptJsonFormatVisitor(type, properties.new Visitor());
        if (!type.isFinal() && !type.isContainerType()) {
            SerializationContext context = mapper._serializationContext();
            Collection<NamedType> subtypes = mapper.serializationConfig()
                    .getSubtypeResolver()
                    .collectAndResolveSubtypesByClass(
                            mapper.serializationConfig(), context.introspectClassAnnotations(type));
            for (NamedType subtype : subtypes) {
                if (subtype.getType() != type.getRawClass()) {
                    JavaType narrower = mapper.getTypeFactory().constructSpecializedType(type, subtype.getType());
                    mapper.acceptJsonFormatVisitor(narrower, properties.new Visitor());
                }
            }
        }
        return properties;
    }

    /** The names of all properties, in the order they are written. */
    Set<String> names() {
        return byName.keySet();
    }

    /** All properties, in the order they are written. */
    Collection<BeanPropertyWriter> all() {
        return byName.values();
    }

    /** The property of a name as documents have it. */
    @Nullable
    BeanPropertyWriter named(String name) {
        return byName.get(name);
    }

    /** The property that a getter or record accessor of a name reads. */
    @Nullable
    BeanPropertyWriter readBy(String getter) {
        return byGetter.get(getter);
    }

    /** Whether values are written as a text, number, truth or list, for certain. */
    boolean isScalarOrList() {
        return scalar;
    }

    private void add(BeanProperty property) {
        if (!(property instanceof BeanPropertyWriter writer)) {
            return;
        }
        byName.putIfAbsent(writer.getName(), writer);
        AnnotatedMember member = writer.getMember();
        if (member == null) {
            return;
        }
        String name = member.getName();
        byGetter.putIfAbsent(name, writer);
        if (member instanceof AnnotatedField && !name.isEmpty()) {
            // A getter that Jackson was told to pass over in favour of the field still names it.
            String capital = Character.toUpperCase(name.charAt(0)) + name.substring(1);
            byGetter.putIfAbsent("get" + capital, writer);
            byGetter.putIfAbsent("is" + capital, writer);
        }
    }

    /** Looks at one type and not into its properties. */
    private final class Visitor extends JsonFormatVisitorWrapper.Base {
        @Override
        public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
            return new JsonObjectFormatVisitor.Base(getContext()) {
                @Override
                public void property(BeanProperty property) {
                    add(property);
                }

                @Override
                public void optionalProperty(BeanProperty property) {
                    add(property);
                }
            };
        }

        @Override
        public @Nullable JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
            scalar = true;
            return null;
        }

        @Override
        public @Nullable JsonStringFormatVisitor expectStringFormat(JavaType type) {
            scalar = true;
            return null;
        }

        @Override
        public @Nullable JsonNumberFormatVisitor expectNumberFormat(JavaType type) {
            scalar = true;
            return null;
        }

        @Override
        public @Nullable JsonIntegerFormatVisitor expectIntegerFormat(JavaType type) {
            scalar = true;
            return null;
        }

        @Override
        public @Nullable JsonBooleanFormatVisitor expectBooleanFormat(JavaType type) {
            scalar = true;
            return null;
        }
    }
}
