package org.corestack.store.spi;

import java.util.Optional;
import java.util.Set;
import org.corestack.errors.CoreException;

/** One opened database. Thread-safe. */
public interface Engine extends AutoCloseable {
    /** The engine's name for messages, such as {@code sqlite}. */
    String name();

    /**
     * What this engine, in this version of its server, can do beyond the common contract.
     *
     * @throws CoreException as a read, where the version is not known yet and the server has to be asked
     */
    Set<Capability> capabilities();

    /** The store of a name; the same object each time. Touches no database. */
    EngineStore store(String name);

    /**
     * The names of the stores in which there is a collection, so far as a store of ours can have them.
     *
     * @throws CoreException as any read
     */
    Set<String> stores(Deadline deadline);

    /**
     * Reads and writes nothing of the user's, and returns if the database is usable.
     *
     * @throws CoreException saying what is wrong
     */
    void checkHealth(Deadline deadline);

    /** The engine's native handle of a class, if it has one. */
    <T> Optional<T> unwrap(Class<T> type);

    /** Ends what is open, waits for what is in flight within a bound. Idempotent, never throws. */
    @Override
    void close();
}
