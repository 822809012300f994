package org.corestack.cli.demo.replica;

import java.time.Duration;
import java.util.List;
import org.corestack.cli.demo.register.Describer;
import org.corestack.reconcile.Backoff;
import org.corestack.reconcile.Controller;
import org.corestack.reconcile.ControllerStats;

/** The two controllers of a replica, at work until closed. Thread-safe. */
final class Replica implements AutoCloseable {
    /** Writers of one process commit together, so more workers than cores make larger commits. */
    private static final int WORKERS = 16;

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Backoff RETRY =
            Backoff.exponential(Duration.ofMillis(10), Duration.ofSeconds(2)).parkAfter(100);

    private final DescribeWork describeWork;
    private final Controller<String> describing;
    private final Controller<String> grouping;
    private final Troubles troubles;

    private Replica(
            DescribeWork describeWork, Controller<String> describing, Controller<String> grouping, Troubles troubles) {
        this.describeWork = describeWork;
        this.troubles = troubles;
        this.describing = describing;
        this.grouping = grouping;
    }

    static Replica start(DemoTables tables, Describer describer, ReplicaSettings settings) {
        Fault fault = settings.fault();
        String faultKey = settings.faultKey();
        Troubles troubles = new Troubles();
        DescribeWork describeWork = new DescribeWork(tables, describer, fault.in(tables.descriptions(), faultKey));
        Controller<String> grouping = Controller.named("group")
                .source(tables.descriptions()
                        .<String>keys((key, description) ->
                                description == null ? List.of() : List.of(description.skeleton())))
                .workers(WORKERS)
                .retry(RETRY)
                .drainTimeout(DRAIN)
                .listener(troubles)
                .start(new GroupWork(tables, group -> fault.in(group, faultKey)));
        Controller<String> describing = Controller.named("describe")
                .source(new ShuffledKeys<>(tables.characters(), settings.seed()))
                .workers(WORKERS)
                .retry(RETRY)
                .drainTimeout(DRAIN)
                .listener(troubles)
                .start(fault.in(describeWork, tables.descriptions(), faultKey));
        return new Replica(describeWork, describing, grouping, troubles);
    }

    /** How many of its inserts came second. */
    long collisions() {
        return describeWork.collisions();
    }

    /** Throws what went wrong for good, if something did. */
    void throwIfHopeless() {
        troubles.throwIfHopeless();
    }

    /** Whether there is nothing left to do or to wait for. */
    boolean isIdle() {
        return isIdle(describing) && isIdle(grouping);
    }

    private static boolean isIdle(Controller<String> controller) {
        ControllerStats stats = controller.stats();
        return stats.delayed() == 0 && controller.awaitIdle(Duration.ofMillis(1));
    }

    /** Ends both controllers, with what they have begun done. */
    @Override
    public void close() {
        describing.close();
        grouping.close();
    }
}
