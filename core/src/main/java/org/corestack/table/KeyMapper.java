package org.corestack.table;

import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.util.ClassUtil;

/** Maps the keys of one table to keys of documents and back. Thread-safe. */
final class KeyMapper<K> {
    private static final Set<Class<?>> SCALARS = Set.of(
            String.class,
            Long.class,
            Integer.class,
            Short.class,
            Boolean.class,
            UUID.class,
            Instant.class,
            Bytes.class,
            byte[].class);

    private final String table;
    private final Class<K> type;
    private final DocumentMapper mapper;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final @Nullable Components components;

    /** A mapper of a type; INVALID_ARGUMENT if it can't be that of keys. */
    KeyMapper(String table, Class<K> type, EntryShape shape) {
        this.table = table;
        this.type = wrapper(type);
        this.mapper = DocumentMapper.forKeys(shape);
        JavaType root = mapper.type(this.type);
        try {
            this.components = this.type.isRecord() ? components(root, "") : null;
            if (components == null && !isScalar(this.type)) {
                throw refusedType(this.type.getName());
            }
            if (components == null && shape == EntryShape.GO) {
                throw CoreException.invalidArgument(
                        "keys in the shape of Go are records: make it a record of one component");
            }
            this.writer = mapper.writer(root);
            this.reader = mapper.reader(root);
        } catch (RuntimeException e) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the keys of " + table + " can't be of the type " + type.getName() + ": " + e.getMessage(),
                    e);
        }
    }

    /** The names of a record's components in order, and what is known of the records among them. */
    private record Components(List<String> names, Map<String, Components> nested) {
        /** Whether a key's value has just these components in this order. */
        boolean match(Document value) {
            if (!names.equals(List.copyOf(value.names()))) {
                return false;
            }
            for (String name : names) {
                Components inner = nested.get(name);
                boolean fits = value.get(name) instanceof Document document
                        ? inner != null && inner.match(document)
                        : inner == null;
                if (!fits) {
                    return false;
                }
            }
            return true;
        }
    }

    private Components components(JavaType record, String where) {
        ModuleAccess.check(record.getRawClass());
        List<BeanPropertyWriter> written = List.copyOf(mapper.properties(record).all());
        RecordComponent[] declared = record.getRawClass().getRecordComponents();
        List<String> names = new ArrayList<>();
        Map<String, Components> nested = new HashMap<>();
        for (int i = 0; i < Math.max(written.size(), declared.length); i++) {
            if (written.size() != declared.length
                    || written.get(i).getMember() == null
                    || !written.get(i).getMember().getName().equals(declared[i].getName())) {
                throw CoreException.invalidArgument(
                        "the record " + record.getRawClass().getName()
                                + " is not written as its components in their order, which are its identity");
            }
            JavaType component = written.get(i).getType();
            Class<?> raw = wrapper(component.getRawClass());
            String path = where + declared[i].getName();
            names.add(written.get(i).getName());
            if (raw.isRecord()) {
                nested.put(written.get(i).getName(), components(component, path + "."));
            } else if (!isScalar(raw)) {
                throw refusedType(raw.getName() + " (its component " + path + ")");
            }
        }
        if (names.isEmpty()) {
            throw CoreException.invalidArgument("the record has no component");
        }
        return new Components(names, nested);
    }

    private static boolean isScalar(Class<?> type) {
        return SCALARS.contains(type) || Enum.class.isAssignableFrom(type);
    }

    private static CoreException refusedType(String name) {
        return CoreException.invalidArgument(
                "a key can't be made of a " + name
                        + "; use a String, int, long, short, boolean, UUID, Instant, enum, Bytes, byte[], or a record of these");
    }

    @SuppressWarnings("unchecked") // a primitive's class object and its wrapper's are both a Class of the wrapper
    private static <T> Class<T> wrapper(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }

    /** Whether two keys of the type that stand for one entry are equal in Java too. */
    boolean hasEquality() {
        return type != byte[].class;
    }

    /**
     * The key itself, or a component of it, in the terms of documents; INVALID_ARGUMENT if there is none such.
     *
     * @param steps the way from the key
     */
    ResolvedField resolve(List<PathStep> steps, String label) {
        if (steps.isEmpty()) {
            return new ResolvedField(
                    FieldPath.key(),
                    mapper.type(type),
                    type,
                    null,
                    new ValueForm(key -> toKey(type.cast(key)).value(), kept -> fromKey(Key.of(kept))),
                    ResolvedField.Content.SCALAR,
                    label);
        }
        boolean ours = components != null
                && steps.get(0) instanceof PathStep.ByAccessor accessor
                && ClassUtil.findRawSuperTypes(type, null, true).stream()
                        .anyMatch(each -> each.getName().equals(accessor.owner()));
        if (!ours) {
            throw CoreException.invalidArgument(
                    label + " is no component of the keys of " + table + ", which are of the type " + type.getName());
        }
        return FieldResolver.ofKeys(mapper, mapper.type(type)).walk(steps, label);
    }

    /** The key of a document; INVALID_ARGUMENT if it can't be one, as it is null or too long. */
    Key toKey(@Nullable K key) {
        if (key == null) {
            throw CoreException.invalidArgument("the key for " + table + " is null");
        }
        try {
            boolean direct = components == null && !(key instanceof Enum<?>);
            Object value = direct ? key : mapper.write(key, writer);
            if (value == null) {
                throw CoreException.invalidArgument("it is written as null");
            }
            return Key.of(value);
        } catch (RuntimeException e) { // of the user's own code too
            throw MappingErrors.unwritable("a key for " + table, e);
        }
    }

    /** The user's key that a document's key stands for; UNSUPPORTED if the type can't hold it. */
    K fromKey(Key key) {
        Object value = key.value();
        Object read = null;
        if (value instanceof Document document) {
            read = components != null && components.match(document) ? read(key, document) : null;
        } else if (type.isInstance(value)) {
            read = value;
        } else if (value instanceof Long number) {
            read = narrow(number);
        } else if (value instanceof Bytes bytes && type == byte[].class) {
            read = bytes.toArray();
        } else if (value instanceof String && Enum.class.isAssignableFrom(type)) {
            read = read(key, value);
        }
        if (read == null) {
            throw new CoreException(
                    ErrorCode.UNSUPPORTED, "the key " + key + " of " + table + " does not fit " + type.getName());
        }
        return type.cast(read);
    }

    private @Nullable Object read(Key key, Object value) {
        try {
            return mapper.read(value, reader);
        } catch (RuntimeException e) { // of the user's constructors too
            throw MappingErrors.unreadable("the key " + key + " of " + table, type, value, e);
        }
    }

    private @Nullable Object narrow(long number) {
        if (type == Integer.class && (int) number == number) {
            return (int) number;
        }
        return type == Short.class && (short) number == number ? (Object) (short) number : null;
    }
}
