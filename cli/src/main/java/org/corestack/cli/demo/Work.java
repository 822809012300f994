package org.corestack.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.corestack.cli.progress.Progress;
import org.corestack.cli.progress.ProgressView;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The replicas' work from their start to its end, with a death after a third of it. Used once, by one thread. */
final class Work {
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    /** Replicas that find nothing to do, and nothing happening for so long: nothing more will come. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private static final Duration STALLED = Duration.ofMinutes(1);

    private final DemoPlan plan;
    private final Replicas replicas;
    private final FeedTally tally;
    private final ProgressView view;
    private final int doneBefore;
    private long startNanos;
    private long endNanos;
    private long killNanos;
    private @Nullable ReplicaProcess replacement;
    private boolean replacementWorks;

    Work(DemoPlan plan, Replicas replicas, FeedTally tally, ProgressView view) {
        this.plan = plan;
        this.replicas = replicas;
        this.tally = tally;
        this.view = view;
        this.doneBefore = tally.done();
    }

    /** Starts the replicas, which then wait to be let go. */
    void start() {
        for (int i = 0; i < plan.replicas(); i++) {
            replicas.start();
        }
    }

    /** Lets the replicas work to the end. */
    void run() throws InterruptedException {
        letGo();
        while (!isOver()) {
            tally.awaitChange(TICK);
            check();
            if (replacement == null && isThirdDone()) {
                killOne();
            }
            if (replacement != null && !replacementWorks && replacement.isReady()) {
                replacement.go();
                replacementWorks = true;
            }
            if (endNanos == 0 && tally.isComplete()) {
                endNanos = System.nanoTime();
            }
            view.show(progress());
        }
        endNanos = endNanos == 0 ? System.nanoTime() : endNanos;
        view.show(progress());
    }

    /** From when the replicas were let go to the end of the work, or now. */
    Duration elapsed() {
        return Duration.ofNanos((endNanos == 0 ? System.nanoTime() : endNanos) - startNanos);
    }

    /** From SIGKILL to the replacement's first result; empty if it has none. */
    Optional<Duration> takeover() {
        return replacement == null
                ? Optional.empty()
                : tally.firstResultNanos(replacement.name()).map(first -> Duration.ofNanos(first - killNanos));
    }

    Progress progress() {
        List<Progress.Row> rows = replicas.all().stream()
                .map(replica -> new Progress.Row(
                        replica.name(), tally.results(replica.name()), replica.active(), replica.state()))
                .toList();
        int done = tally.done();
        return new Progress("descriptions", plan.records().size(), done, done - doneBefore, elapsed(), rows);
    }

    /** Lets all go at once when the last is ready, so that none has done half the work before another is there. */
    private void letGo() throws InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!replicas.all().stream().allMatch(ReplicaProcess::isReady)) {
            check();
            if (System.nanoTime() > deadline) {
                throw new CoreException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the replicas were not ready within " + READY_WITHIN.toSeconds() + " s");
            }
            tally.awaitChange(Duration.ofMillis(5));
        }
        startNanos = System.nanoTime();
        replicas.all().forEach(ReplicaProcess::go);
    }

    private void check() {
        replicas.checkAlive();
        tally.gap().ifPresent(gap -> {
            throw new CoreException(
                    ErrorCode.DATA_LOSS, "the feed's history has a gap, so that it proves nothing: " + gap);
        });
    }

    private boolean isThirdDone() {
        int work = plan.records().size() - doneBefore;
        return work > 0 && tally.done() - doneBefore >= (work + 2) / 3;
    }

    private void killOne() {
        ReplicaProcess victim = replicas.all().get(0);
        killNanos = System.nanoTime();
        victim.kill();
        replacement = replicas.start();
        view.note("killed " + victim.name() + " (process " + victim.pid() + ") with SIGKILL after a third of the work; "
                + replacement.name() + " takes its place");
    }

    private boolean isOver() {
        boolean allAtWork = replacement == null ? !isThirdDone() : replacementWorks;
        if (tally.isComplete() && allAtWork && (replacement == null || replicas.allIdle())) {
            return true;
        }
        Duration quiet = tally.quiet();
        boolean settled = allAtWork && quiet.compareTo(SETTLED) > 0 && replicas.allIdle();
        return settled || quiet.compareTo(STALLED) > 0;
    }
}
