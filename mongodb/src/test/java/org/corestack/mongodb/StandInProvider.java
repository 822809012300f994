package org.corestack.mongodb;

import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;

/**
 * The engine on the Java stand-in, without the checks of the server, which would refuse it; and on a client of the tests' own,
 * whose databases have names that no other test uses.
 */
public final class StandInProvider implements EngineProvider {
    static final String SCHEME = "mongodb-stand-in";

    @Override
    public Set<String> schemes() {
        return Set.of(SCHEME);
    }

    @Override
    public String uri(EngineAddress address) {
        return new MongoEngineProvider().uri(address);
    }

    @Override
    public Engine open(EngineConfig config) {
        String uri = config.uri().replaceFirst(SCHEME, "mongodb");
        return MongoEngine.open(
                new EngineConfig(uri, config.source(), config.timeout(), config.retention()),
                (client, deadline) -> {},
                Set.of());
    }

    @Override
    public Optional<Engine> adopt(Object handle, EngineConfig config) {
        if (!(handle instanceof Handles.Own own)) {
            return Optional.empty();
        }
        return Optional.of(
                own.standIn()
                        ? MongoEngine.adopt(own.client(), own.prefix(), config, (client, deadline) -> {}, Set.of())
                        : MongoEngine.adopt(
                                own.client(),
                                own.prefix(),
                                config,
                                new ReplicaSetCheck(),
                                MongoEngineProvider.CAPABILITIES));
    }
}
