package org.corestack.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of the command line: {@code corestack COMMAND}. */
@Command(name = "corestack", mixinStandardHelpOptions = true, version = "corestack 0.1.0-SNAPSHOT")
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 wrong use.
     *
     * @param args the command line's words
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
