package org.corestack.table;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Gives sealed types what annotations give to others: a field {@value #TYPE_FIELD} with the simple name of the class.
 * Annotations on the types still win.
 */
final class SealedTypes extends JacksonAnnotationIntrospector {
    /** A name that no record component is likely to have, and that a filter can speak of. */
    static final String TYPE_FIELD = "_type";

    private static final long serialVersionUID = 1L;

    private static final JsonTypeInfo.Value BY_NAME =
            JsonTypeInfo.Value.construct(JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, TYPE_FIELD, null, false, null);

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        JsonTypeInfo.Value annotation = super.findPolymorphicTypeInfo(config, annotated);
        if (annotation != null || !(annotated instanceof AnnotatedClass type)) {
            return annotation;
        }
        Class<?> root = sealedRoot(type.getRawType());
        if (root == null) {
            return null;
        }
        checkNames(root);
        return BY_NAME;
    }

    @Override
    public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass type) {
        String annotation = super.findTypeName(config, type);
        Class<?> raw = type.getRawType();
        if (annotation != null) {
            return annotation;
        }
        Class<?> root = sealedRoot(raw);
        if (root == null) {
            return null;
        }
        if (!raw.isSealed() && !leaves(root).contains(raw)) {
            throw new UnfitTypeException(raw.getName() + " is not a permitted subclass of " + root.getName()
                    + ", so that it could not be read again; permit it, or annotate the types");
        }
        return raw.getSimpleName();
    }

    /** The topmost sealed type that a class belongs to. The JDK's own (strings implement some) don't count, nor enums. */
    private static @Nullable Class<?> sealedRoot(@Nullable Class<?> type) {
        if (type == null || type.isEnum() || type.isPrimitive() || type.isArray() || inJdk(type)) {
            return null;
        }
        Class<?> root = sealedRoot(type.getSuperclass());
        for (Class<?> parent : type.getInterfaces()) {
            root = root != null ? root : sealedRoot(parent);
        }
        return root != null || !type.isSealed() ? root : type;
    }

    private static boolean inJdk(Class<?> type) {
        return type.getName().startsWith("java.");
    }

    private static void checkNames(Class<?> root) {
        Map<String, Class<?>> names = new HashMap<>();
        for (Class<?> leaf : leaves(root)) {
            Class<?> other = names.put(leaf.getSimpleName(), leaf);
            if (other != null && other != leaf) {
                throw new UnfitTypeException(other.getName() + " and " + leaf.getName() + ", both kinds of "
                        + root.getName() + ", have one simple name; annotate them with @JsonTypeName");
            }
        }
    }

    private static List<Class<?>> leaves(Class<?> type) {
        List<Class<?>> leaves = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                leaves.addAll(leaves(permitted));
                if (!java.lang.reflect.Modifier.isAbstract(permitted.getModifiers())) {
                    leaves.add(permitted);
                }
            } else {
                leaves.add(permitted);
            }
        }
        return leaves;
    }
}
