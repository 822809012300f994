package org.corestack.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.corestack.cli.demo.replica.ReplicaSettings;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** The replicas of one run, the dead ones too. Thread-safe. Closing kills those that are left. */
final class Replicas implements AutoCloseable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(5);

    private final DemoPlan plan;
    private final Consumer<String> complaints;
    private final List<ReplicaProcess> all = new CopyOnWriteArrayList<>();
    private boolean closed; // guarded by this

    /**
     * No replicas yet.
     *
     * @param complaints takes what they print on standard error
     */
    Replicas(DemoPlan plan, Consumer<String> complaints) {
        this.plan = plan;
        this.complaints = complaints;
    }

    /** Starts one more; named in the order of the starts. */
    synchronized ReplicaProcess start() {
        if (closed) {
            throw CoreException.failedPrecondition("the demo is ending: no replica starts any more");
        }
        int number = all.size() + 1;
        ReplicaSettings settings = new ReplicaSettings(
                "r" + number, plan.store(), plan.folder().toString(), number, plan.fault(), plan.faultKey());
        ReplicaProcess replica = ReplicaProcess.start(settings, complaints);
        all.add(replica);
        return replica;
    }

    /** All that were started, in that order. */
    List<ReplicaProcess> all() {
        return List.copyOf(all);
    }

    /** Fails if one died that should not have. */
    void checkAlive() {
        for (ReplicaProcess replica : all) {
            if (replica.diedUnexpectedly()) {
                throw new CoreException(
                        ErrorCode.UNAVAILABLE,
                        "the replica " + replica.name() + " ended unexpectedly with exit code " + replica.exitCode());
            }
        }
    }

    /** Whether every replica that lives finds nothing to do. */
    boolean allIdle() {
        return all.stream().filter(ReplicaProcess::isAlive).allMatch(ReplicaProcess::isIdle);
    }

    /** The lost races of all; of a killed one those that it had told of. */
    long collisions() {
        return all.stream().mapToLong(ReplicaProcess::collisions).sum();
    }

    /** Lets all end what they have begun; fails if one does not end by itself. */
    void stop() throws InterruptedException {
        List<ReplicaProcess> alive = new ArrayList<>(all);
        alive.removeIf(replica -> !replica.isAlive());
        alive.forEach(ReplicaProcess::stop);
        long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
        for (ReplicaProcess replica : alive) {
            if (!replica.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                throw new CoreException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the replica " + replica.name() + " did not end within " + STOP_WITHIN.toSeconds() + " s");
            }
        }
        checkAlive();
    }

    /** Kills what lives and waits until it is gone. Idempotent. */
    @Override
    public void close() {
        List<ReplicaProcess> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(all);
        }
        left.removeIf(replica -> !replica.isAlive());
        left.forEach(ReplicaProcess::kill);
        try {
            for (ReplicaProcess replica : left) {
                replica.awaitEnd(KILLED_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they are killed: nothing is gained by waiting
        }
    }
}
