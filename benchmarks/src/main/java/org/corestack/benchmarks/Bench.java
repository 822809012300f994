package org.corestack.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks: {@code ./bench feed --quick}. */
@Command(
        name = "bench",
        description = "Measures Core Stack beside the same work done by hand.",
        mixinStandardHelpOptions = true,
        subcommands = {FeedBench.class, FeedProbe.class, MailBench.class, StoreBench.class, FiguresTable.class})
public final class Bench {
    private Bench() {}

    /** Runs one benchmark and exits with 0, 1 where it failed, or 2 on wrong use. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
