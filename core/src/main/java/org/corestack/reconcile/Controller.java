package org.corestack.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * Keeps calling the user's code for each key that something happened to, until it says that the world agrees with it.
 *
 * <pre>{@code
 * try (Controller<String> shipping = Controller.named("shipping")
 *         .source(orders)
 *         .workers(16)
 *         .retry(Backoff.exponential(ofMillis(200), ofMinutes(5)).parkAfter(20))
 *         .start((key, context) -> {
 *             ship(key);
 *             return Result.done();
 *         })) { … }
 * }</pre>
 *
 * <p>What holds: a key waits once, however much happened to it. No key is worked on twice at once. A change that comes
 * while its key is worked on brings it back once. A key has one deadline at most: the nearer of two wins, and a change
 * cancels it. What fails is retried with back-off, and parked once its budget is used up; a change by another gives it a
 * new budget and runs it at once, but not sooner after a failure than the back-off's first delay.
 *
 * <p>What is not: it is not told what happened, only to which key; a change may cause a run that finds nothing to do; and
 * nothing is remembered beyond the process: the next start lists all keys. Other processes that run the same controller
 * work on the same keys.
 *
 * <p>Thread-safe. On JDK 21 and later work runs on virtual threads, before on a pool; all threads are daemons and carry
 * the controller's name. On 17 a source's list and the alarm have threads of their own.
 *
 * @param <K> the type of the keys; values, with {@code equals} and {@code hashCode} that never change
 */
public final class Controller<K> implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,47}");

    private final Shell<K> shell;
    private final Closer<K> closer;

    Controller(ControllerOptions<K> options, Reconciler<K> reconciler, Host host) {
        this.shell = new Shell<>(options, reconciler, host);
        this.closer = new Closer<>(shell);
        shell.start();
    }

    /**
     * Begins to build a controller.
     *
     * @param name names it in logs, meters and threads: a letter, then up to 47 letters, digits, {@code _} or {@code -};
     *     INVALID_ARGUMENT otherwise
     * @return asks for the first source, which says what the keys are
     */
    public static Named named(String name) {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw CoreException.invalidArgument("a controller's name must match " + NAME + ", not '" + name + "'");
        }
        return new Named(name);
    }

    /** A controller to be, with nothing but a name. */
    public static final class Named {
        private final String name;

        private Named(String name) {
            this.name = name;
        }

        /**
         * Takes keys from a source.
         *
         * @param source the source
         * @param <K> the type of its keys, and so of the controller's
         * @return the rest of the choices
         */
        public <K> ControllerBuilder<K> source(KeySource<K> source) {
            return new ControllerBuilder<K>(name).source(source);
        }
    }

    /**
     * Its name.
     *
     * @return the name
     */
    public String name() {
        return shell.options().name();
    }

    /**
     * Runs a key as if another had changed it: at once, with a new budget, and out of parking.
     *
     * @param key the key; FAILED_PRECONDITION if the controller is closed
     */
    public void enqueue(K key) {
        Objects.requireNonNull(key, "key");
        require(shell.step((queue, now) -> queue.changed(key, 0, now)));
    }

    /**
     * Sees to it that a key runs no later than after a time. If it has a nearer deadline, waits already, or is parked,
     * nothing changes; a key that has failed is not retried sooner than the back-off's first delay. A key that is worked on
     * gets the nearer of this and what its run asks for.
     *
     * @param key the key; FAILED_PRECONDITION if the controller is closed
     * @param delay the time from now; zero or less for at once
     */
    public void enqueueAfter(K key, Duration delay) {
        Objects.requireNonNull(key, "key");
        long nanos = Backoff.nanos(Objects.requireNonNull(delay, "delay"));
        require(shell.step((queue, now) -> {
            queue.askedFor(key, now + nanos);
            queue.clock(now);
        }));
    }

    /**
     * The keys that are parked, the longest parked first.
     *
     * @return a copy
     */
    public List<ParkedKey<K>> parked() {
        return shell.read((queue, now) ->
                queue.parked().stream().map(node -> shell.describe(node, now)).toList());
    }

    /**
     * Frees a parked key: it runs at once, with a new budget.
     *
     * @param key the key
     * @return whether it was parked; false once the controller is closed
     */
    public boolean resume(K key) {
        Objects.requireNonNull(key, "key");
        boolean[] resumed = new boolean[1];
        return shell.step((queue, now) -> resumed[0] = queue.resume(key)) && resumed[0];
    }

    /**
     * Frees all parked keys, see {@link #resume}.
     *
     * @return how many there were
     */
    public int resumeAll() {
        return (int) parked().stream().filter(parked -> resume(parked.key())).count();
    }

    /**
     * What it is at.
     *
     * @return the numbers of this moment
     */
    public ControllerStats stats() {
        return shell.read((queue, now) -> queue.stats());
    }

    /**
     * Waits until each source has been listed and no key waits or is worked on. Delayed and parked keys are not waited for.
     * For tests, and for programs that come to an end: in a system that lives this is true for moments only.
     *
     * @param timeout how long to wait; CANCELED if the thread is interrupted
     * @return whether that was so before the time was over
     */
    public boolean awaitIdle(Duration timeout) {
        try {
            return shell.await(Shell::isIdle, timeout);
        } catch (InterruptedException e) {
            throw CoreException.interrupted("waiting for controller " + name() + " to be idle", e);
        }
    }

    /**
     * Ends the controller: nothing more is taken in or begun, subscriptions are closed, what is being worked on has the
     * drain timeout to end, and is interrupted then; what has not ended a second later is logged with its stack and reported
     * to {@link ControllerListener#onLeftAtClose}. After that no thread of the controller is left but those.
     *
     * <p>Idempotent; a second caller waits for the first. From inside the controller's own code, such as a reconcile, it
     * returns at once and the rest happens on a thread of its own. A caller that is interrupted doesn't wait for the drain:
     * the interrupt is passed on to what runs, and the flag is set again.
     */
    @Override
    public void close() {
        closer.close();
    }

    private void require(boolean open) {
        if (!open) {
            throw new CoreException(ErrorCode.FAILED_PRECONDITION, "controller " + name() + " is closed");
        }
    }
}
