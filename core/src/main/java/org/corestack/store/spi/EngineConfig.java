package org.corestack.store.spi;

import java.time.Duration;

/**
 * What an engine is opened with.
 *
 * @param uri the whole URI, scheme included; may hold a password; empty where the user's own driver objects are used
 * @param source the client's source identifier, which its changes carry
 * @param timeout how long opening may take
 * @param retention how long the history of changes is kept at least, where the engine keeps it itself
 */
public record EngineConfig(String uri, String source, Duration timeout, Duration retention) {
    /** Without the URI, which may hold a password. */
    @Override
    public String toString() {
        return "EngineConfig[uri=<hidden>, source=" + source + ", timeout=" + timeout + ", retention=" + retention
                + "]";
    }
}
