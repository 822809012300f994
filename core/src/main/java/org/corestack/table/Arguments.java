package org.corestack.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/** Checks of what callers pass in. */
final class Arguments {
    private Arguments() {}

    /** The argument; INVALID_ARGUMENT naming it if it is null, which annotations alone don't prevent. */
    static <T> T notNull(@Nullable T argument, String name) {
        if (argument == null) {
            throw CoreException.invalidArgument("the argument " + name + " is null");
        }
        return argument;
    }

    /** A copy of what a caller collected; INVALID_ARGUMENT naming it if it, or an element of it, is null. */
    static <T> List<T> copy(@Nullable Collection<? extends T> collection, String name) {
        List<T> copy = new ArrayList<>();
        for (T element : notNull(collection, name)) {
            copy.add(notNull(element, name + "[" + copy.size() + "]"));
        }
        return List.copyOf(copy);
    }
}
