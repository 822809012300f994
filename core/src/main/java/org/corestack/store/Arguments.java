package org.corestack.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** Checks of what callers pass in. */
final class Arguments {
    /** The last instant that a database is asked about. */
    static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,47}");

    private Arguments() {}

    /** The argument; INVALID_ARGUMENT naming it if it is null, which annotations alone don't prevent. */
    static <T> T notNull(@Nullable T argument, String name) {
        if (argument == null) {
            throw CoreException.invalidArgument("the argument " + name + " is null");
        }
        return argument;
    }

    /** A copy of a list; INVALID_ARGUMENT naming it if it, or an element of it, is null. */
    static <T> List<T> copy(@Nullable List<? extends T> list, String name) {
        List<? extends T> given = notNull(list, name);
        for (int i = 0; i < given.size(); i++) {
            notNull(given.get(i), name + "[" + i + "]");
        }
        return List.copyOf(given);
    }

    /** A deadline for what begins now; CANCELED if the thread is interrupted, as of anything that may block. */
    static Deadline begin(String what, Duration timeout) {
        if (Thread.currentThread().isInterrupted()) {
            throw CoreException.interrupted(
                    what + " was not begun: the thread is interrupted", new InterruptedException());
        }
        return Deadline.in(timeout);
    }

    /** The name of a store or collection, checked. */
    static String name(@Nullable String name, String what) {
        String given = notNull(name, what);
        if (!NAME.matcher(given).matches()) {
            throw CoreException.invalidArgument("'" + given + "' is not the name of a " + what
                    + "; it must be a letter, then up to 47 letters, digits, underscores and hyphens");
        }
        return given;
    }
}
