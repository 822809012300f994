package org.corestack.cli.demo.input;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one line of a file. An IOException, so that it can pass through the readers that a parser reads
 * from.
 */
final class BadLine extends IOException {
    private static final long serialVersionUID = 1L;

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

    @Override
    public String getMessage() {
        return message;
    }
}
