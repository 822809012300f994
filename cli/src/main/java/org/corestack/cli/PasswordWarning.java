package org.corestack.cli;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Runs the command, after a warning where an argument holds a password: other users of the machine can see it. */
final class PasswordWarning implements IExecutionStrategy {
    @Override
    public int execute(ParseResult parsed) {
        for (CommandLine command : parsed.asCommandLineList()) {
            for (OptionSpec option : command.getParseResult().matchedOptions()) {
                if (option.getValue() instanceof StoreUri uri && !uri.fromFile() && uri.holdsSecret()) {
                    warn(command, option);
                }
            }
        }
        return new RunLast().execute(parsed);
    }

    private static void warn(CommandLine command, OptionSpec option) {
        command.getErr()
                .println("corestack: warning: the password in " + option.longestName()
                        + " can be seen by other users of this machine; put the URI into a file and give "
                        + option.longestName() + " @FILE, or set " + StoreUri.variable(option));
        command.getErr().flush();
    }
}
