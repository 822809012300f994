package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.util.ClassUtil;

/** Finds what the fields that a user names are in the documents of one type. Thread-safe. */
final class FieldResolver {
    private final DocumentMapper mapper;
    private final JavaType root;

    FieldResolver(DocumentMapper mapper, JavaType root) {
        this.mapper = mapper;
        this.root = root;
    }

    /** The field in the terms of documents; INVALID_ARGUMENT if the type has none such. */
    ResolvedField resolve(Field<?, ?> field) {
        List<String> names = new ArrayList<>();
        JavaType type = root;
        BeanPropertyWriter property = null;
        Class<?> values = root.getRawClass();
        for (PathStep step : field.steps()) {
            if (step instanceof PathStep.ByName named) {
                names.addAll(named.path().names());
                values = named.type();
                property = sameProperty(type, named);
                type = property == null ? mapper.type(values) : property.getType();
            } else {
                property = property(type, (PathStep.ByAccessor) step);
                names.add(property.getName());
                type = property.getType();
                values = wrapper(type);
            }
        }
        return new ResolvedField(new FieldPath(names), values, property, field.toString());
    }

    /** The property of a name, if it is of the named type, so that its own rules hold. */
    private @Nullable BeanPropertyWriter sameProperty(JavaType type, PathStep.ByName named) {
        if (named.path().names().size() != 1) {
            return null;
        }
        BeanPropertyWriter property =
                properties(type).named(named.path().names().get(0));
        return property != null && wrapper(property.getType()) == named.type() ? property : null;
    }

    private BeanPropertyWriter property(JavaType type, PathStep.ByAccessor step) {
        BeanPropertyWriter property = properties(type).readBy(step.method());
        if (property == null) {
            throw CoreException.invalidArgument(step + " is no property of "
                    + type.getRawClass().getName() + " that is kept in documents; those are "
                    + properties(type).names());
        }
        return property;
    }

    private TypeProperties properties(JavaType type) {
        try {
            return mapper.properties(type);
        } catch (RuntimeException e) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the type " + type.getRawClass().getName() + " can't be kept in documents: " + e.getMessage(),
                    e);
        }
    }

    /** A value of a field in the form that documents hold; INVALID_ARGUMENT if it has none. */
    @Nullable
    Object valueOf(ResolvedField field, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!field.type().isInstance(value)) {
            throw CoreException.invalidArgument("a value for the field " + field + " is a "
                    + value.getClass().getName() + "; it must be a "
                    + field.type().getName());
        }
        try {
            BeanPropertyWriter property = field.property();
            return property == null
                    ? mapper.write(value, mapper.writer(mapper.type(value.getClass())))
                    : mapper.write(value, property);
        } catch (RuntimeException e) { // of the user's own code too
            throw MappingErrors.unwritable("a value for the field " + field, e);
        }
    }

    private static Class<?> wrapper(JavaType type) {
        Class<?> raw = type.getRawClass();
        return raw.isPrimitive() ? ClassUtil.wrapperType(raw) : raw;
    }
}
