package org.corestack.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.corestack.errors.CoreException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Makes one line on standard error, without secrets, and an exit code of whatever a command throws. */
final class ErrorLine implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final boolean debug;

    /**
     * @param debug whether the stack trace follows the line
     */
    ErrorLine(boolean debug) {
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        StringBuilder line =
                new StringBuilder(String.valueOf(error.getMessage()).replaceFirst("\\.$", ""));
        String variable = StoreUri.variable(error.getArgSpec());
        if (variable != null
                && error.getArgSpec() instanceof OptionSpec option
                && Arrays.stream(args).noneMatch(word -> word.startsWith(option.longestName()))) {
            line.append(" (it comes from ").append(variable).append(')');
        }
        if (error instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                line.append("; did you mean ").append(suggestions.get(0)).append('?');
            }
        }
        // Where something else went wrong than the words themselves, the help would not help.
        if (error.getCause() == null) {
            line.append("; see '")
                    .append(command.getCommandSpec().qualifiedName())
                    .append(" --help'");
        }
        print(command, line.toString(), error);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
        if (error instanceof CoreException core) {
            print(command, core.getMessage(), error);
            return exitCode(core);
        }
        print(command, "unexpected " + error + "; CORESTACK_DEBUG=1 shows where", error);
        return ExitCode.SOFTWARE;
    }

    /** Wrong use is what the caller of the command can mend in what was typed or in the file that was named. */
    private static int exitCode(CoreException error) {
        return switch (error.code()) {
            case INVALID_ARGUMENT, UNSUPPORTED, FAILED_PRECONDITION -> ExitCode.USAGE;
            default -> ExitCode.SOFTWARE;
        };
    }

    private void print(CommandLine command, String message, Exception error) {
        PrintWriter err = command.getErr();
        err.println("corestack: " + Secrets.hide(message).strip().replaceAll("\\s*\\R\\s*", " "));
        if (debug) {
            error.printStackTrace(err);
        }
        err.flush();
    }
}
