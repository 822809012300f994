package org.corestack.store.spi;

import java.util.Optional;
import java.util.Set;
import org.corestack.errors.CoreException;

/** A named group of collections in a database. Thread-safe. */
public interface EngineStore {
    /**
     * The names of the collections that exist.
     *
     * @throws CoreException as any read
     */
    Set<String> collections(Deadline deadline);

    /**
     * The collection of a name; the same object each time. Touches no database: the collection comes into
     * being with the first write, index or watch, and until then reads as an empty one.
     */
    EngineCollection collection(String name);

    /**
     * Begins a transaction. Not called without {@link Capability#TRANSACTIONS}.
     *
     * @param deadline also that of the whole transaction
     * @throws CoreException as any write
     */
    EngineTransaction begin(Deadline deadline);

    /**
     * Uses the transaction that the caller has begun on a native handle, such as a connection or session, and will end.
     *
     * @return empty if the engine knows nothing of such a handle
     * @throws CoreException FAILED_PRECONDITION if the handle is closed or has no transaction
     */
    Optional<EngineTransaction> join(Object handle);
}
