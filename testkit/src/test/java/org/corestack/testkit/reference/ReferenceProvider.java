package org.corestack.testkit.reference;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;

/** Serves {@code reference:NAME}: one database per name and JVM, there until the JVM ends. */
public final class ReferenceProvider implements EngineProvider {
    /** Static because the service loader makes a provider per call, and clients are to share databases. */
    private static final Map<String, ReferenceDatabase> DATABASES = new ConcurrentHashMap<>();

    /** The database of a URI, as a client that opens it finds it. */
    public static ReferenceDatabase database(String uri) {
        return DATABASES.computeIfAbsent(uri, name -> new ReferenceDatabase());
    }

    @Override
    public Set<String> schemes() {
        return Set.of("reference");
    }

    @Override
    public Engine open(EngineConfig config) {
        if (config.uri().length() == "reference:".length()) {
            throw CoreException.invalidArgument("the URI has no name; it must look like reference:orders");
        }
        return new ReferenceEngine(database(config.uri()), config.source());
    }

    @Override
    public Optional<Engine> adopt(Object handle, EngineConfig config) {
        return handle instanceof ReferenceDatabase database
                ? Optional.of(new ReferenceEngine(database, config.source()))
                : Optional.empty();
    }

    @Override
    public String uri(EngineAddress address) {
        if (address.database() == null) {
            throw CoreException.invalidArgument("the address has no database");
        }
        if (!address.hosts().isEmpty() || address.user() != null || address.tls()) {
            throw CoreException.invalidArgument("a database in memory has no host, user or encryption: leave them out");
        }
        return "reference:" + address.database();
    }
}
