package org.corestack.reconcile;

import java.time.Duration;
import java.util.Objects;

/**
 * How one reconcile of a key ended, as far as it did not fail: done, again after a time, again with back-off, or parked.
 *
 * <p>A failure is an exception and never a result, so a delay and an error can't both be returned. Whatever the result,
 * a change of the key that came while it was worked on brings it back.
 */
public sealed interface Result {

    /**
     * The world agrees with the key: it is forgotten until something happens to it.
     *
     * @return the result
     */
    static Result done() {
        return Done.DONE;
    }

    /**
     * The key went well and is due again after a time, at the latest: a change runs it sooner and cancels the delay, so
     * that there is never more than one delay per key. Ends a run of failures, as {@link #done()} does.
     *
     * @param delay the time from now; zero or less means at once, behind the keys that are waiting already, so that the
     *     distance to a point in time can be passed as it is
     * @return the result
     */
    static Result requeueAfter(Duration delay) {
        return new RequeueAfter(delay);
    }

    /**
     * Nothing failed but the key is not done, and when it can be is not known: it runs again with the delays of a
     * failure, which grow as long as this is returned. It is not reported as a failure, does not use up the budget
     * before parking, and does not end a run of failures either.
     *
     * @return the result
     */
    static Result requeue() {
        return Requeue.REQUEUE;
    }

    /**
     * No retry can help: the key is set aside at once, visible in {@link Controller#parked()}, until another changes it
     * or somebody calls {@link Controller#resume}.
     *
     * @param reason why, for people
     * @return the result
     */
    static Result park(String reason) {
        return new Park(reason);
    }

    /** See {@link Result#done()}. */
    enum Done implements Result {
        /** The only value. */
        DONE
    }

    /** See {@link Result#requeue()}. */
    enum Requeue implements Result {
        /** The only value. */
        REQUEUE
    }

    /**
     * See {@link Result#requeueAfter}.
     *
     * @param delay zero or more
     */
    record RequeueAfter(Duration delay) implements Result {
        /** Takes a delay in the past for none. */
        public RequeueAfter {
            Objects.requireNonNull(delay, "delay");
            delay = delay.isNegative() ? Duration.ZERO : delay;
        }
    }

    /**
     * See {@link Result#park}.
     *
     * @param reason why, for people
     */
    record Park(String reason) implements Result {
        /** Needs a reason. */
        public Park {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
