package org.corestack.table;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.FieldPath.Root;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.table.ResolvedField.Content;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.util.ClassUtil;

/**
 * Finds what the fields that a user names are in the documents of one type, in their keys, or in the items of a list.
 * Thread-safe.
 */
final class FieldResolver {
    private final DocumentMapper mapper;
    private final JavaType root;
    private final Root from;
    private final @Nullable KeyMapper<?> keys;
    private final @Nullable ValueForm item;

    private FieldResolver(
            DocumentMapper mapper, JavaType root, Root from, @Nullable KeyMapper<?> keys, @Nullable ValueForm item) {
        this.mapper = mapper;
        this.root = root;
        this.from = from;
        this.keys = keys;
        this.item = item;
    }

    /** Of entries. */
    static FieldResolver ofEntries(DocumentMapper mapper, JavaType root) {
        return new FieldResolver(mapper, root, Root.DOCUMENT, null, null);
    }

    /** Of the components of keys. */
    static FieldResolver ofKeys(DocumentMapper mapper, JavaType root) {
        return new FieldResolver(mapper, root, Root.KEY, null, null);
    }

    /** This one, of entries that have keys. */
    FieldResolver withKeys(KeyMapper<?> mapperOfKeys) {
        return new FieldResolver(mapper, root, from, mapperOfKeys, item);
    }

    /** The resolver for the items of a list; INVALID_ARGUMENT if the field is none. */
    FieldResolver ofItems(ResolvedField list) {
        BeanPropertyWriter property = list.property();
        JavaType type = list.type().isReferenceType() ? list.type().getContentType() : list.type();
        if (property == null || !type.isCollectionLikeType()) {
            throw CoreException.invalidArgument("the field " + list + " holds no list that can be looked into");
        }
        return new FieldResolver(
                mapper, type.getContentType(), Root.DOCUMENT, null, mapper.formOfItem(property, type.getContentType()));
    }

    /** The field in the terms of documents; INVALID_ARGUMENT if the type has none such. */
    ResolvedField resolve(Field<?, ?> field) {
        List<PathStep> steps = field.steps();
        List<PathStep> rest = steps.subList(1, steps.size());
        if (steps.get(0) == PathStep.From.KEY) {
            return keysOf(field).resolve(rest, field.toString());
        }
        if (steps.get(0) != PathStep.From.ITEM) {
            return walk(steps, field.toString());
        }
        if (item == null) {
            throw CoreException.invalidArgument(
                    "the item of a list is spoken of outside of the filter on its items: " + field);
        }
        return rest.isEmpty()
                ? new ResolvedField(
                        FieldPath.element(), root, wrapper(root), null, item, content(root, null), field.toString())
                : walk(rest, field.toString());
    }

    private KeyMapper<?> keysOf(Field<?, ?> field) {
        if (keys == null) {
            throw CoreException.invalidArgument(
                    "the filter on the items of a list speaks of " + field + "; only the filter around it can");
        }
        return keys;
    }

    /** The value at the end of a way of accessors and names. */
    ResolvedField walk(List<PathStep> steps, String label) {
        List<String> names = new ArrayList<>();
        JavaType type = root;
        BeanPropertyWriter property = null;
        Class<?> values = wrapper(root);
        for (PathStep step : steps) {
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
        ValueForm form = property == null ? mapper.formOf(type) : mapper.formOf(property);
        return new ResolvedField(
                new FieldPath(from, names), type, values, property, form, content(type, property), label);
    }

    /**
     * Where the documents on the way to a field say of which class of a sealed type they are, without which what is
     * there could not be read.
     */
    List<FieldPath> typePaths(Field<?, ?> field) {
        List<FieldPath> paths = new ArrayList<>();
        List<String> names = new ArrayList<>();
        JavaType type = root;
        for (PathStep step : field.steps()) {
            String typeField = mapper.typeField(type);
            if (typeField != null) {
                List<String> path = new ArrayList<>(names);
                path.add(typeField);
                paths.add(new FieldPath(path));
            }
            if (!(step instanceof PathStep.ByAccessor accessor)) {
                return paths; // of what was only named nothing is known
            }
            BeanPropertyWriter property = property(type, accessor);
            names.add(property.getName());
            type = property.getType();
        }
        return paths;
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

    private Content content(JavaType declared, @Nullable BeanPropertyWriter property) {
        JavaType type = declared.isReferenceType() ? declared.getContentType() : declared;
        Class<?> raw = type.getRawClass();
        boolean formatted = property != null
                && (property.getAnnotation(JsonSerialize.class) != null
                        || property.getAnnotation(JsonFormat.class) != null);
        if (raw == byte[].class || raw == char[].class || formatted) {
            return Content.SCALAR; // as far as can be told: a property's own rules may make anything of it
        }
        if (type.isCollectionLikeType() || type.isArrayType()) {
            return Content.LIST;
        }
        return type.isMapLikeType() || raw == Document.class || hasFields(type) ? Content.DOCUMENT : Content.SCALAR;
    }

    private boolean hasFields(JavaType type) {
        try {
            TypeProperties properties = mapper.properties(type);
            return !properties.isScalarOrList() && !properties.names().isEmpty();
        } catch (RuntimeException e) {
            return false; // of a type that Jackson can't look into nothing is known
        }
    }

    private static Class<?> wrapper(JavaType type) {
        Class<?> raw = type.getRawClass();
        return raw.isPrimitive() ? ClassUtil.wrapperType(raw) : raw;
    }
}
