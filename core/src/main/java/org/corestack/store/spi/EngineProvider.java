package org.corestack.store.spi;

import java.util.Optional;
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

    /**
     * Opens an engine on driver objects of the user's own, which stay the user's to close.
     *
     * @param handle such as a {@code DataSource} or a driver's client
     * @param config whose URI is empty
     * @return empty if this provider knows nothing of such a handle
     * @throws CoreException as {@link #open}
     */
    default Optional<Engine> adopt(Object handle, EngineConfig config) {
        return Optional.empty();
    }

    /**
     * The URI of an address.
     *
     * @throws CoreException INVALID_ARGUMENT naming the part that is missing, or that this engine has no use for
     */
    String uri(EngineAddress address);
}
