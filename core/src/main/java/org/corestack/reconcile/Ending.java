package org.corestack.reconcile;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** How user code came back from one run: with a result, or with what counts as a failure. One of the two is null. */
record Ending(@Nullable Result result, @Nullable Throwable error) {

    /** Calls the user's code. Catches everything: whatever is thrown here, the worker has to go on. */
    static <K> Ending of(Reconciler<K> reconciler, Run<K> run) {
        try {
            Result result = reconciler.reconcile(run.key(), run);
            if (result == null) {
                throw new CoreException(
                        ErrorCode.UNKNOWN,
                        "the reconcile of " + run.key() + " returned null; Result.done() says that all is well");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new CoreException(ErrorCode.CANCELED, "the reconcile of " + run.key() + " was interrupted");
            }
            return new Ending(result, null);
        } catch (Throwable error) {
            return new Ending(null, error);
        }
    }
}
