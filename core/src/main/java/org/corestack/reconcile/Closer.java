package org.corestack.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends a controller: intake off, drain within a bound, interrupt, report what was left. */
final class Closer<K> {
    /** What an interrupted run has to come to its end. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Shell<K> shell;
    private final CountDownLatch closed = new CountDownLatch(1);

    Closer(Shell<K> shell) {
        this.shell = shell;
    }

    /** Returns when all has ended, except on one of the controller's own threads, which can't wait for itself. */
    void close() {
        boolean first = shell.beginClosing();
        boolean inside = shell.isInside();
        if (first && inside) {
            startEnd();
        } else if (first) {
            end();
        } else if (!inside) {
            awaitOther();
        }
    }

    private void startEnd() {
        try {
            shell.host().startCloser(this::end);
        } catch (Throwable error) {
            shell.reports().internal("there is no thread to wait for the end; what runs ends by itself", error);
            shell.feeds().forEach(Feed::stop);
            shell.host().end(Duration.ZERO);
            closed.countDown();
        }
    }

    private void end() {
        boolean interrupted = false;
        try {
            shell.feeds().forEach(Feed::stop);
            boolean drained = false;
            try {
                drained = shell.await(Shell::isDrained, shell.options().drainTimeout());
            } catch (InterruptedException e) {
                interrupted = true; // Who closes is in a hurry: no more waiting, and the flag is set again at the end.
            }
            if (!drained) {
                shell.interruptAll();
                interrupted |= awaitInterrupted();
            }
        } finally {
            shell.host().end(GRACE);
            closed.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Says whether this thread was interrupted while it waited. */
    private boolean awaitInterrupted() {
        boolean interrupted = false;
        boolean drained = false;
        try {
            drained = shell.await(Shell::isDrained, GRACE);
        } catch (InterruptedException e) {
            interrupted = true; // The caller sets the flag again.
        }
        List<Run<K>> left = drained ? List.of() : shell.running();
        if (!left.isEmpty()) {
            shell.reports().leftAtClose(left);
        }
        return interrupted;
    }

    private void awaitOther() {
        Duration bound = shell.options().drainTimeout().plus(GRACE.multipliedBy(3));
        try {
            // Bounded, as the one that closes may be waiting for this thread in a listener.
            boolean ignored = closed.await(Backoff.nanos(bound), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
