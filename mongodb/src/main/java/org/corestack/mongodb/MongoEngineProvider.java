package org.corestack.mongodb;

import com.mongodb.client.MongoClient;
import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;

/**
 * Opens replica sets of MongoDB 4.4 and later. Found by {@link java.util.ServiceLoader}; thread-safe.
 *
 * <p>URIs are the driver's own, {@code mongodb://user:password@host1,host2/?options} and {@code mongodb+srv://}, with
 * one option more: {@code corestack.databasePrefix}, with which the names of all databases begin. Unless the URI says
 * otherwise, writes wait for the majority and its journals, a replica set is discovered from any of its members, and
 * users are known by SCRAM-SHA-256.
 */
public final class MongoEngineProvider implements EngineProvider {
    /** Of every replica set of 4.4 and later; those of later versions have more. */
    static final Set<Capability> CAPABILITIES = Set.of(Capability.TRANSACTIONS);

    /** For {@link java.util.ServiceLoader}. */
    public MongoEngineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("mongodb", "mongodb+srv");
    }

    /** Opens an engine on a {@link MongoClient} of the user's own; feeds take their connections from it too. */
    @Override
    public Optional<Engine> adopt(Object handle, EngineConfig config) {
        return handle instanceof MongoClient client
                ? Optional.of(MongoEngine.adopt(client, "", config, new ReplicaSetCheck(), CAPABILITIES))
                : Optional.empty();
    }

    @Override
    public String uri(EngineAddress address) {
        return MongoUri.of(address);
    }

    /**
     * Opens the replica set that a URI names. Asks no server: the first operation, or a health check, says what is wrong
     * with it, within its timeout.
     *
     * @throws org.corestack.errors.CoreException INVALID_ARGUMENT if the URI is wrong, UNAVAILABLE if it is one of the
     *     scheme {@code mongodb+srv} and its name can't be looked up
     */
    @Override
    public Engine open(EngineConfig config) {
        return MongoEngine.open(config, new ReplicaSetCheck(), CAPABILITIES);
    }
}
