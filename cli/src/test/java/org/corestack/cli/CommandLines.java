package org.corestack.cli;

import java.util.Map;
import picocli.CommandLine;

/** The whole command line with a test's own command in it, for tests of commands in other packages. */
public final class CommandLines {
    private CommandLines() {}

    /** The command {@code test} is the given one, with all settings of the others. */
    public static CommandLine with(Map<String, String> environment, Object command) {
        return Run.line(environment, command);
    }
}
