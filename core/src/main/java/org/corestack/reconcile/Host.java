package org.corestack.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * What stands around a controller's state machine: clocks, threads and the alarm. Real in production, simulated in tests,
 * where one thread plays all of it in an order that a seed decides.
 */
interface Host {

    /** The monotonic clock, in nanoseconds; only differences mean something. */
    long nanos();

    /** The wall clock, for people only. */
    Instant instant();

    /** What the alarm is to call. Called once, before anything else. */
    void onAlarm(Runnable alarm);

    /** Calls the alarm at a time of the monotonic clock, or sooner: several calls are answered by the nearest at least. */
    void wakeAt(long nanos);

    /** Runs a worker. Throws if there is no thread to be had. */
    void startWorker(Runnable worker);

    /** Runs the work of a source, which may block for long. Throws if there is no thread to be had. */
    void startFeed(Runnable feed);

    /** Runs the end of a controller that was closed from one of its own threads. */
    void startCloser(Runnable closer);

    /** Ends the alarm and the idle threads, and waits for threads on their way out, up to a bound. */
    void end(Duration bound);
}
