package org.corestack.store.spi;

import java.util.Set;
import org.corestack.errors.CoreException;

/** Opens engines for URIs of certain schemes. Found by {@link java.util.ServiceLoader}; thread-safe. */
public interface EngineProvider {
    /** The URI schemes it serves, in lower case, without the colon. */
    Set<String> schemes();

    /**
     * Opens an engine on the database that a URI names.
     *
     * @throws CoreException INVALID_ARGUMENT if the URI is wrong, UNAVAILABLE, UNAUTHORIZED, FORBIDDEN,
     *     DATA_LOSS, RESOURCE_EXHAUSTED or UNSUPPORTED (a newer format) if the database can't be used
     */
    Engine open(EngineConfig config);
}
