package org.corestack.cli.demo.replica;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.cli.demo.register.Printable;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.reconcile.ControllerListener;
import org.corestack.reconcile.KeySource;
import org.corestack.reconcile.ParkedKey;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in a replica's controllers: what no retry can help ends the replica, the rest is printed once for each
 * code, as a store in trouble fails every key. Thread-safe.
 */
final class Troubles implements ControllerListener<String> {
    private final Set<ErrorCode> told = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable CoreException> hopeless = new AtomicReference<>();

    @Override
    public void onFailed(String key, int attempt, Throwable error, Duration retryIn) {
        heard("the work on " + Printable.of(key) + " failed", error);
    }

    @Override
    public void onParked(ParkedKey<String> parked) {
        String message = "the work on " + Printable.of(parked.key()) + " is given up: " + parked.reason();
        Throwable error = parked.lastError();
        hopeless.compareAndSet(
                null,
                error == null
                        ? new CoreException(ErrorCode.UNKNOWN, message)
                        : CoreException.wrap(message + ": " + error.getMessage(), error));
    }

    @Override
    public void onSourceFailed(KeySource<String> source, Throwable error, Duration retryIn) {
        heard("the keys of " + source + " can't be had", error);
    }

    private void heard(String what, Throwable error) {
        ErrorCode code = ErrorCode.of(error);
        String message = what + ": " + error.getMessage();
        // A full disk may have room again one day, but nobody waits for that here.
        if (!code.retryable() || code == ErrorCode.RESOURCE_EXHAUSTED) {
            hopeless.compareAndSet(null, CoreException.wrap(message, error));
        } else if (told.add(code)) {
            System.err.println(message + "; it is tried again, and so are others that fail like this");
        }
    }

    /** Throws what no retry can help, if there was such. */
    void throwIfHopeless() {
        CoreException error = hopeless.get();
        if (error != null) {
            throw error;
        }
    }
}
