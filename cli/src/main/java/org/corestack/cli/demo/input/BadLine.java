package org.corestack.cli.demo.input;

import java.io.IOException;
import java.util.Collection;
import java.util.stream.Collectors;
import org.corestack.cli.demo.register.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one line of a file. An IOException, so that it can pass through the readers that a parser reads
 * from.
 */
final class BadLine extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int TOLD_NAMES = 12;

    private final String message;

    BadLine(int number, String what) {
        this(number, what, null);
    }

    /**
     * A bad line.
     *
     * @param number which line, from 1
     * @param what what is wrong, to be read behind "line 7 "
     */
    BadLine(int number, String what, @Nullable Throwable cause) {
        super(what, cause);
        message = "line " + number + " " + what;
    }

    /**
     * A line that lacks the field of the key.
     *
     * @param what to be read before the field's name, such as "has no field"
     * @param names the names that it has, of which the first are told
     */
    static BadLine withoutField(int number, String what, String field, String itHas, Collection<String> names) {
        String told = names.stream().limit(TOLD_NAMES).map(Printable::of).collect(Collectors.joining(", "));
        int more = names.size() - TOLD_NAMES;
        return new BadLine(
                number, what + " '" + field + "'; " + itHas + ": " + told + (more > 0 ? " and " + more + " more" : ""));
    }

    @Override
    public String getMessage() {
        return message;
    }
}
