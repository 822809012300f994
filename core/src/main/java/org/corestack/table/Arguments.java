package org.corestack.table;

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
}
