package org.corestack.store.spi;

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
}
