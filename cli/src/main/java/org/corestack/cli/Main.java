package org.corestack.cli;

import java.nio.file.Path;
import java.util.function.Function;
import org.corestack.cli.demo.DemoCommand;
import org.corestack.cli.demo.replica.ReplicaCommand;
import org.corestack.cli.mail.MailCommand;
import org.corestack.cli.replicate.ReplicateCommand;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The entry of the command line, {@code corestack COMMAND}.
 *
 * <p>A command is a class of its own, named here in {@code subcommands}. It returns 0 for done and 1 for failed, throws
 * {@link picocli.CommandLine.ParameterException} for wrong use, and lets a
 * {@link org.corestack.errors.CoreException} pass: {@link ErrorLine} makes one line and an exit code of each.
 */
@Command(
        name = "corestack",
        description = "Controllers, tables, locks and presence on the database you already run.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            MailCommand.class,
            ReplicaCommand.class,
            ReplicateCommand.class,
            HelpCommand.class,
            GenerateCompletion.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong use or bad input"})
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 wrong use.
     *
     * @param args the command line's words
     */
    public static void main(String[] args) {
        System.exit(commandLine(System::getenv).execute(args));
    }

    /** The parser with everything that holds for all commands; the environment is passed for tests. */
    static CommandLine commandLine(Function<String, @Nullable String> environment) {
        ErrorLine errors = new ErrorLine(environment.apply("CORESTACK_DEBUG") != null);
        CommandLine line = new CommandLine(new Main())
                // An argument @FILE is the value of one option, not a file of arguments.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, new PathConverter())
                .setDefaultValueProvider(new StoreUri.FromEnvironment(environment))
                .setExecutionStrategy(new PasswordWarning())
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
        tellVersions(line);
        return line;
    }

    /** Each command has the option, and picocli prints nothing where the command itself has no version. */
    private static void tellVersions(CommandLine line) {
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Main::tellVersions);
    }
}
