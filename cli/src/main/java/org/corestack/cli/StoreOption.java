package org.corestack.cli;

import java.util.Optional;
import org.corestack.errors.CoreException;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The option {@code --store URI} of every command that works on one store, as a mixin.
 *
 * <p>Its value comes from the argument, else from {@code CORESTACK_STORE}; either may be {@code @FILE}.
 */
public final class StoreOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--store",
            paramLabel = "URI",
            converter = StoreUri.Converter.class,
            description = {
                "The store, such as sqlite:./shop.db.",
                "@FILE reads it from a file; without the option it is CORESTACK_STORE."
            })
    private @Nullable StoreUri given;

    /** An option; picocli creates it. */
    public StoreOption() {}

    /** The URI, if the argument or the environment gives one. */
    public Optional<StoreUri> uri() {
        return Optional.ofNullable(given);
    }

    /**
     * Opens the store that was given.
     *
     * @throws ParameterException if none was given or it can't be opened, so that the command ends with 2
     */
    public StoreClient open(ClientOptions options) {
        StoreUri uri = uri().orElseThrow(() -> new ParameterException(
                command.commandLine(), "no store is given; use --store URI or set CORESTACK_STORE"));
        return open(uri, options);
    }

    /**
     * Opens a store that a command chose itself, with the same treatment of errors.
     *
     * @throws ParameterException if it can't be opened, so that the command ends with 2
     */
    public StoreClient open(StoreUri uri, ClientOptions options) {
        return open(command, uri, options);
    }

    /**
     * Opens a store for a command that has other options for it than this one, with the same treatment of errors.
     *
     * @throws ParameterException if it can't be opened, so that the command ends with 2
     */
    public static StoreClient open(CommandSpec command, StoreUri uri, ClientOptions options) {
        try {
            return StoreClient.open(uri.value(), options);
        } catch (CoreException e) {
            throw new ParameterException(
                    command.commandLine(), "the store " + uri + " can't be opened: " + e.getMessage(), e);
        }
    }
}
