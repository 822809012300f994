package org.corestack.store;

import java.time.Duration;

/** The growing time between retries of one thing. Not thread-safe. */
final class RetryDelay {
    private final Duration first;
    private final Duration most;
    private Duration next;

    RetryDelay(Duration first, Duration most) {
        this.first = first;
        this.most = most;
        this.next = first;
    }

    /** How long to wait now; twice as long the next time. */
    Duration next() {
        Duration delay = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(most) < 0 ? doubled : most;
        return delay;
    }

    /** It worked: starts anew. */
    void reset() {
        next = first;
    }
}
