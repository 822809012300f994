package org.corestack.cli.replicate;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.corestack.cli.EndGuard;
import org.corestack.cli.StoreOption;
import org.corestack.cli.StoreUri;
import org.corestack.cli.progress.ProgressView;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code corestack replicate}: copies stores to another database, of whatever engine. */
@Command(
        name = "replicate",
        description = {
            "Copies every store of a database, with its indexes, into another database of any engine:"
                    + " what is there, then what changes meanwhile, and at the end both are compared.",
            "What was ended on the way goes on where it was when the same command is run again."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ReplicateCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Spec
    private CommandSpec command;

    @Option(
            names = "--from",
            paramLabel = "URI",
            converter = StoreUri.Converter.class,
            description = {
                "The source, such as sqlite:./shop.db.",
                "@FILE reads it from a file; without the option it is CORESTACK_FROM."
            })
    private @Nullable StoreUri from;

    @Option(
            names = "--to",
            paramLabel = "URI",
            converter = StoreUri.Converter.class,
            description = "The target, likewise; without the option it is CORESTACK_TO.")
    private @Nullable StoreUri to;

    @Option(
            names = "--store",
            paramLabel = "NAME",
            description = "Copy this store alone; without it all of them are copied.")
    private @Nullable String store;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            description = "Copy this collection alone; may be given several times.")
    private List<String> collections = List.of();

    @Option(names = "--follow", description = "Go on writing what changes, until it is ended, such as by Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--overwrite",
            description = "Make collections equal to the source's that hold something already; they are refused"
                    + " otherwise, but for one's own unfinished copy.")
    private boolean overwrite;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "For how long a database that fails is tried again (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--json", description = "Print what came of it as one JSON object, progress to standard error.")
    private boolean json;

    /** A command; picocli creates it. */
    @SuppressWarnings("NullAway.Init") // picocli sets the options
    public ReplicateCommand() {}

    /** Copies; 0 if the copy is whole, 1 if not. */
    @Override
    public Integer call() throws InterruptedException {
        StoreUri source = given(from, "--from", "CORESTACK_FROM");
        StoreUri target = given(to, "--to", "CORESTACK_TO");
        if (source.value().equals(target.value())) {
            throw wrongUse("--from and --to are the same: " + source);
        }
        if (patience < 0) {
            throw wrongUse("--patience is " + patience + "; it can't be negative");
        }
        StopSign stop = new StopSign();
        try (EndGuard guard = new EndGuard("replicate")) {
            guard.make(() -> stop, StopSign::stop);
            try {
                return copy(source, target, stop);
            } catch (StopSign.Stopped e) {
                complain("ended; the same command goes on from here");
                stop.ended();
                guard.yieldToEnd(Duration.ZERO);
                return 1;
            } finally {
                stop.ended();
            }
        }
    }

    private int copy(StoreUri source, StoreUri target, StopSign stop) {
        ClientOptions options =
                ClientOptions.ofDefaults().withSource("corestack-replicate").withTimeout(TIMEOUT);
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        try (StoreClient origin = StoreOption.open(command, source, options);
                StoreClient copy = StoreOption.open(command, target, options);
                ProgressView view = json ? ProgressView.plain(err) : ProgressView.on(out, 1)) {
            Patience retries =
                    new Patience(Duration.ofSeconds(patience), stop, line -> view.aside(() -> complain(line)));
            Replication.Plan plan = new Replication.Plan(
                    new Choice(store, Set.copyOf(collections)), source.toString(), overwrite, follow);
            try (Replication replication = new Replication(origin, copy, plan, retries, stop, view)) {
                return run(replication, view, out);
            }
        }
    }

    private int run(Replication replication, ProgressView view, PrintWriter out) {
        replication.prepare();
        try {
            Outcome outcome = replication.run();
            if (follow && outcome.mismatches() == 0) {
                view.aside(() -> print(outcome, out));
                replication.follow();
            }
            view.close();
            print(outcome, out);
            if (out.checkError() || System.out.checkError()) {
                throw new CoreException(
                        ErrorCode.UNAVAILABLE,
                        "the copy is done, but that could not be printed: standard output is closed or full");
            }
            return outcome.mismatches() == 0 ? 0 : 1;
        } catch (StopSign.Stopped e) {
            replication.save();
            throw e;
        }
    }

    private void print(Outcome outcome, PrintWriter out) {
        if (json) {
            out.println(outcome.toJson());
        } else {
            outcome.lines().forEach(out::println);
        }
        out.flush();
    }

    private void complain(String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println("corestack: " + line);
        err.flush();
    }

    private StoreUri given(@Nullable StoreUri uri, String option, String variable) {
        if (uri == null) {
            throw wrongUse("no " + (option.equals("--from") ? "source" : "target") + " is given; use " + option
                    + " URI or set " + variable);
        }
        return uri;
    }

    private ParameterException wrongUse(String what) {
        return new ParameterException(command.commandLine(), what);
    }
}
