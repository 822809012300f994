package org.corestack.table;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;

/** Says what a user's module has to open, instead of the reflection's complaint. */
final class ModuleAccess {
    private ModuleAccess() {}

    /** Returns if Jackson can reach into a type; else INVALID_ARGUMENT with the line that would mend it. */
    static void check(Class<?> type) {
        Module module = type.getModule();
        Module jackson = ObjectMapper.class.getModule();
        boolean reachable = module.isOpen(type.getPackageName(), jackson)
                || (module.isExported(type.getPackageName(), jackson) && isPublic(type));
        if (!reachable) {
            throw CoreException.invalidArgument(
                    "Jackson can't reach into " + type.getName() + ": the module-info.java of " + module.getName()
                            + " needs \"opens " + type.getPackageName() + " to " + jackson.getName() + ";\"");
        }
    }

    private static boolean isPublic(@Nullable Class<?> type) {
        return type == null || (Modifier.isPublic(type.getModifiers()) && isPublic(type.getEnclosingClass()));
    }

    /** What would mend an error if it is one of reaching into a closed module; else nothing. */
    static @Nullable String remedy(@Nullable Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalAccessException || cause instanceof InaccessibleObjectException) {
                return "Jackson can't reach into a type; its module-info.java has to open the type's package to "
                        + ObjectMapper.class.getModule().getName();
            }
        }
        return null;
    }
}
