package org.corestack.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Description;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.cli.demo.register.Surprises;
import org.corestack.cli.demo.replica.DemoTables;
import org.corestack.cli.demo.report.Summary;
import org.corestack.cli.progress.ProgressView;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.table.Entry;
import org.corestack.table.Fields;
import org.corestack.table.TableSnapshot;

/**
 * One run: loads the records, has replicas do the work, kills one of them on the way, and proves what they did. The feeds
 * of the results are watched from before the first of them to behind the last. Used once, by one thread.
 */
final class DemoRun implements AutoCloseable {
    private static final Duration FEED_WITHIN = Duration.ofSeconds(30);
    private static final int SURPRISES = 5;

    private final DemoPlan plan;
    private final DemoTables tables;
    private final ProgressView view;
    private final FeedTally tally;
    private final Replicas replicas;
    private final Map<String, CharacterRecord> missing;
    private final Watch descriptionWatch;
    private final Watch groupWatch;

    private DemoRun(
            DemoPlan plan,
            DemoTables tables,
            ProgressView view,
            Consumer<String> complaints,
            Map<String, CharacterRecord> missing,
            FeedTally tally,
            List<Watch> watches) {
        this.plan = plan;
        this.tables = tables;
        this.view = view;
        this.tally = tally;
        this.missing = missing;
        this.replicas = new Replicas(plan, complaints);
        this.descriptionWatch = watches.get(0);
        this.groupWatch = watches.get(1);
    }

    /**
     * Makes the store ready and begins to watch it. What fails here is due to the store or to what it holds.
     *
     * @param complaints takes what replicas print on standard error, a line each time
     */
    static DemoRun prepare(DemoPlan plan, DemoTables tables, ProgressView view, Consumer<String> complaints) {
        Map<String, CharacterRecord> missing = Loader.missing(plan.records(), tables.characters());
        tables.descriptions().ensureIndex(Fields.field(Description::skeleton));
        FeedTally tally = new FeedTally(plan.records().size());
        List<Watch> watches = new ArrayList<>();
        try (TableSnapshot<String, Description> held = tables.descriptions().snapshot()) {
            for (Entry<String, Description> entry : held) {
                tally.hadDescription(entry.key(), entry.version());
            }
            watches.add(tables.descriptions()
                    .watch(
                            WatchOptions.ofDefaults().withFrom(held.position()).withKeysOnly(),
                            tally.descriptionListener()));
        }
        try (TableSnapshot<String, LookalikeGroup> held = tables.lookalikes().snapshot()) {
            for (Entry<String, LookalikeGroup> entry : held) {
                tally.hadGroup(entry.key(), entry.value());
            }
            watches.add(tables.lookalikes()
                    .watch(WatchOptions.ofDefaults().withFrom(held.position()), tally.groupListener()));
        }
        return new DemoRun(plan, tables, view, complaints, missing, tally, watches);
    }

    /** Does the work and proves it; fails if a replica does what it was not told to. */
    Summary run() throws InterruptedException {
        Work work = new Work(plan, replicas, tally, view);
        work.start();
        Loader.insert(missing, tables.characters()); // while the JVMs start
        work.run();
        replicas.stop();
        awaitFeed();
        Proof proof = Proof.of(plan.records(), tables);
        return new Summary(
                plan.records().size(),
                proof.descriptions().held(),
                proof.lookalikes().held(),
                proof.lost(),
                tally.duplicates(),
                replicas.collisions(),
                tally.described(),
                work.elapsed(),
                work.takeover(),
                plan.replicas(),
                work.progress().parts(),
                Surprises.of(plan.records(), proof.expected(), SURPRISES),
                proof.faults());
    }

    /** Waits until the tally has heard of everything: what it has not heard of it can't have counted. */
    private void awaitFeed() throws InterruptedException {
        var end = tables.descriptions().collection().position();
        long deadline = System.nanoTime() + FEED_WITHIN.toNanos();
        while (!descriptionWatch.covers(end)) {
            if (System.nanoTime() > deadline) {
                throw new CoreException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the feed of descriptions did not come to its end within " + FEED_WITHIN.toSeconds() + " s");
            }
            tally.awaitChange(Duration.ofMillis(10));
        }
        Optional<String> gap = tally.gap();
        if (gap.isPresent()) {
            throw new CoreException(
                    ErrorCode.DATA_LOSS, "the feed's history has a gap, so that it proves nothing: " + gap.get());
        }
    }

    /** Ends the watches and kills the replicas that are left. Idempotent. */
    @Override
    public void close() {
        replicas.close();
        descriptionWatch.close();
        groupWatch.close();
    }

    /** Kills the replicas; no more are started. */
    void abandon() {
        replicas.close();
    }
}
