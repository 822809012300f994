package org.corestack.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** One run of the command line in this process: its exit code, what it printed, and what it complained of. */
record Run(int exitCode, String out, String err) {
    static Run of(String... args) {
        return with(Map.of(), null, args);
    }

    /** A run in which the command {@code test} is the given one. */
    static Run with(Map<String, String> environment, Object command, String... args) {
        CommandLine line = line(environment, command);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = line.execute(args);
        return new Run(exitCode, out.toString(), err.toString());
    }

    /** The command line in which the command {@code test} is the given one, if one is. */
    static CommandLine line(Map<String, String> environment, Object command) {
        CommandLine line = Main.commandLine(environment::get);
        if (command != null) {
            CommandLine sub = new CommandLine(command);
            line.addSubcommand("test", sub);
            // Settings go to subcommands when they are made, so what was added needs them again.
            sub.setExpandAtFiles(false)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setDefaultValueProvider(line.getDefaultValueProvider())
                    .setExecutionStrategy(line.getExecutionStrategy())
                    .setParameterExceptionHandler(line.getParameterExceptionHandler())
                    .setExecutionExceptionHandler(line.getExecutionExceptionHandler());
        }
        return line;
    }
}
