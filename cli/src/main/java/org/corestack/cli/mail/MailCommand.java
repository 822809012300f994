package org.corestack.cli.mail;

import picocli.CommandLine.Command;

/** {@code corestack mail}: the commands around mail. */
@Command(
        name = "mail",
        description = "Sends mail over SMTP.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = SendCommand.class)
public final class MailCommand {
    /** A command; picocli creates it. */
    public MailCommand() {}
}
