package org.corestack.cli;

import java.util.Map;

/**
 * One run of the command line in this process, for tests of commands in other packages.
 *
 * @param exitCode its exit code
 * @param out what it printed
 * @param err what it complained of
 */
public record CommandRun(int exitCode, String out, String err) {
    /** Runs with an empty environment. */
    public static CommandRun of(String... args) {
        return of(Map.of(), args);
    }

    /** Runs with an environment. */
    public static CommandRun of(Map<String, String> environment, String... args) {
        Run run = Run.with(environment, null, args);
        return new CommandRun(run.exitCode(), run.out(), run.err());
    }
}
