package org.corestack.cli.demo;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.corestack.cli.EndGuard;
import org.corestack.cli.StoreOption;
import org.corestack.cli.StoreUri;
import org.corestack.cli.demo.input.InputFile;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Describer;
import org.corestack.cli.demo.register.JdkCharacters;
import org.corestack.cli.demo.replica.DemoFolder;
import org.corestack.cli.demo.replica.DemoTables;
import org.corestack.cli.demo.replica.Fault;
import org.corestack.cli.demo.report.Summary;
import org.corestack.cli.demo.report.SummaryText;
import org.corestack.cli.progress.ProgressView;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code corestack demo}: the look-alike register, by several processes over one store. */
@Command(
        name = "demo",
        description = {
            "Several replica processes build a register of look-alike characters over one store;"
                    + " one of them is killed on the way, and the result is proved.",
            "Ends with 0 only if nothing was lost and nothing was done twice."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
    /** Takes about half a minute on two cores. */
    private static final int DEFAULT_RECORDS = 24_000;

    private static final int MOST_REPLICAS = 32;
    private static final Duration CTRL_C_WITHIN = Duration.ofMillis(500);

    @Spec
    private CommandSpec command;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many replicas to start, 1 to " + MOST_REPLICAS + " (default: ${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "How many of the JDK's characters to describe (default: " + DEFAULT_RECORDS + ").")
    private @Nullable Integer records;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "Describe the keys of a file's records instead: .csv, or a JSON object a line"
                    + " (.ndjson, .jsonl, .json).")
    private @Nullable Path input;

    @Option(names = "--key", paramLabel = "FIELD", description = "The field of --input that holds each record's key.")
    private @Nullable String key;

    @Mixin
    private StoreOption store;

    @Option(
            names = "--resume",
            description = "Go on with the tables that the store holds already; without it they are refused.")
    private boolean resume;

    @Option(names = "--json", description = "Print the summary as one JSON object, progress to standard error.")
    private boolean json;

    @Option(names = "--fault", hidden = true, defaultValue = "NONE", description = "For tests of the proof.")
    private Fault fault;

    /** A command; picocli creates it. */
    @SuppressWarnings("NullAway.Init") // picocli sets the options
    public DemoCommand() {}

    /** Runs the demo; 0 if the proof holds, 1 if not. */
    @Override
    public Integer call() throws InterruptedException {
        checkOptions();
        SortedMap<String, CharacterRecord> work = readRecords();
        try (EndGuard guard = new EndGuard("demo")) {
            try (DemoFolder folder = guard.make(DemoFolder::create, DemoFolder::close)) {
                return run(work, folder, guard);
            } catch (ParameterException e) {
                guard.yieldToEnd(Duration.ZERO); // what fails as its folder is deleted fails for no other reason
                throw e;
            } catch (CoreException e) {
                guard.yieldToEnd(CTRL_C_WITHIN);
                throw e;
            }
        }
    }

    private void checkOptions() {
        if (replicas < 1 || replicas > MOST_REPLICAS) {
            throw wrongUse("--replicas is " + replicas + "; it must be 1 to " + MOST_REPLICAS);
        }
        if (input != null && records != null) {
            throw wrongUse("--records chooses among the JDK's characters; --input takes all records of the file");
        }
        if (input != null && key == null) {
            throw wrongUse("--input needs --key FIELD, the field that holds each record's key");
        }
        if (input == null && key != null) {
            throw wrongUse("--key names a field of --input FILE, which is not given");
        }
        if (resume && store.uri().isEmpty()) {
            throw wrongUse("--resume needs --store URI: without it the store is a fresh one");
        }
        if (store.uri().filter(uri -> uri.value().contains(":memory:")).isPresent()) {
            throw wrongUse("the replicas are processes of their own and can't share a store in memory; name a file");
        }
    }

    private SortedMap<String, CharacterRecord> readRecords() {
        try {
            return input != null && key != null
                    ? new InputFile(input, key).read()
                    : new JdkCharacters(new Describer()).choose(records == null ? DEFAULT_RECORDS : records);
        } catch (CoreException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private int run(SortedMap<String, CharacterRecord> work, DemoFolder folder, EndGuard guard)
            throws InterruptedException {
        StoreUri uri = store.uri().orElseGet(folder::uri);
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        DemoPlan plan = new DemoPlan(work, replicas, uri.value(), folder.path(), fault);
        try (StoreClient client = store.open(uri, ClientOptions.ofDefaults().withSource("demo"));
                ProgressView view = json ? ProgressView.plain(err) : ProgressView.on(out, replicas);
                DemoRun run = prepare(plan, uri, client, view)) {
            guard.make(() -> run, DemoRun::abandon);
            view.note("records: " + work.size() + ", replicas: " + replicas + ", store: " + uri);
            Summary summary = run.run();
            view.close();
            print(summary, out);
            if (!summary.holds()) {
                complain(summary, folder, err);
                return 1;
            }
            if (out.checkError() || System.out.checkError()) { // picocli's writer does not hear of the stream's errors
                throw new CoreException(
                        ErrorCode.UNAVAILABLE,
                        "the proof holds, but the summary could not be printed: standard output is closed or full");
            }
            return 0;
        }
    }

    private DemoRun prepare(DemoPlan plan, StoreUri uri, StoreClient client, ProgressView view) {
        PrintWriter err = command.commandLine().getErr();
        try {
            List<String> existing = DemoTables.existing(client);
            if (!existing.isEmpty() && !resume) {
                throw CoreException.invalidArgument("it holds the demo's tables already (" + String.join(", ", existing)
                        + "); add --resume to go on with them, or name another store");
            }
            return DemoRun.prepare(
                    plan,
                    DemoTables.open(client),
                    view,
                    line -> view.aside(() -> {
                        err.println(line);
                        err.flush();
                    }));
        } catch (CoreException e) {
            throw new ParameterException(
                    command.commandLine(), "the store " + uri + " can't be used: " + e.getMessage(), e);
        }
    }

    private void print(Summary summary, PrintWriter out) {
        if (json) {
            out.println(summary.toJson());
        } else {
            SummaryText.lines(summary, charset()).forEach(out::println);
        }
        out.flush();
    }

    private void complain(Summary summary, DemoFolder folder, PrintWriter err) {
        String where = "";
        if (store.uri().isEmpty()) {
            folder.keep();
            where = "; the tables are kept in " + folder.file();
        }
        err.println("corestack: the proof does not hold: lost " + summary.lost() + ", duplicates "
                + summary.duplicates() + where);
        if (json) {
            summary.faults().forEach(line -> err.println("  " + line));
        }
        err.flush();
    }

    /** That of standard output: 18 and later say so, 17 does by a property of its own on terminals. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }

    private ParameterException wrongUse(String what) {
        return new ParameterException(command.commandLine(), what);
    }
}
