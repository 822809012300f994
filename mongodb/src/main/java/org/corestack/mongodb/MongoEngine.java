package org.corestack.mongodb;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineStore;

/** An opened replica set. */
final class MongoEngine implements Engine {
    /** Databases that are the servers' own. */
    private static final Set<String> RESERVED = Set.of("admin", "local", "config");
    /** How many streams a client may have at once. */
    private static final int FEED_CONNECTIONS = 500;

    private final Link link;
    private final String prefix;
    private final Set<Capability> capabilities;
    private final Duration timeout;
    private final ConcurrentMap<String, MongoStore> stores = new ConcurrentHashMap<>();

    private MongoEngine(Link link, String prefix, Set<Capability> capabilities, Duration timeout) {
        this.link = link;
        this.timeout = timeout;
        this.capabilities = capabilities;
        this.prefix = prefix;
    }

    /**
     * Opens what a URI names.
     *
     * @param capabilities those of all servers that the check lets through
     */
    static MongoEngine open(EngineConfig config, ServerCheck check, Set<Capability> capabilities) {
        MongoUri uri = MongoUri.parse(config.uri());
        MongoClient client = MongoClients.create(uri.settings());
        boolean sessions = capabilities.contains(Capability.TRANSACTIONS);
        Link link = new Link(
                client, () -> MongoClients.create(forFeeds(uri.settings())), true, check, sessions, config.source());
        return new MongoEngine(link, uri.prefix(), capabilities, config.timeout());
    }

    /**
     * On a client that stays the user's.
     *
     * @param prefix what the names of all databases begin with
     * @param capabilities those of all servers that the check lets through
     */
    static MongoEngine adopt(
            MongoClient client, String prefix, EngineConfig config, ServerCheck check, Set<Capability> capabilities) {
        boolean sessions = capabilities.contains(Capability.TRANSACTIONS);
        Link link = new Link(client, () -> client, false, check, sessions, config.source());
        return new MongoEngine(link, prefix, capabilities, config.timeout());
    }

    private static MongoClientSettings forFeeds(MongoClientSettings settings) {
        return MongoClientSettings.builder(settings)
                .applyToConnectionPoolSettings(pool -> pool.minSize(0).maxSize(FEED_CONNECTIONS))
                .build();
    }

    @Override
    public String name() {
        return "mongodb";
    }

    /**
     * {@inheritDoc} Those of all servers, and those of the versions that the set's members are of now.
     *
     * @throws CoreException UNAVAILABLE, within the timeout of the opening, where no server has said yet what it is and
     *     none can be asked
     */
    @Override
    public Set<Capability> capabilities() {
        if (capabilities.isEmpty()) {
            return capabilities;
        }
        Deadline deadline = Deadline.in(timeout);
        Set<Capability> more = EnumSet.copyOf(capabilities);
        if (link.hasExactSnapshots(deadline)) {
            more.add(Capability.EXACT_SNAPSHOT);
        }
        if (link.areAll(ServerVersion.IMAGES, deadline)) {
            more.add(Capability.EXACT_IMAGES);
        }
        return Collections.unmodifiableSet(more);
    }

    @Override
    public EngineStore store(String name) {
        String database = prefix + name;
        if (RESERVED.contains(database.toLowerCase(Locale.ROOT))) {
            throw CoreException.invalidArgument(
                    "a store can't be named " + name + ": the database " + database + " is MongoDB's own");
        }
        return stores.computeIfAbsent(database, missing -> new MongoStore(link, missing));
    }

    @Override
    public Set<String> stores(Deadline deadline) {
        return link.run(Doing.read("listing the stores"), deadline, call -> {
            Set<String> names = new LinkedHashSet<>();
            for (String database : call.client()
                    .withTimeout(Call.millis(deadline), TimeUnit.MILLISECONDS)
                    .listDatabaseNames(call.session())) {
                if (database.startsWith(prefix) && !RESERVED.contains(database.toLowerCase(Locale.ROOT))) {
                    names.add(database.substring(prefix.length()));
                }
            }
            names.removeIf(name -> !MongoStore.NAME.matcher(name).matches()
                    || MongoStore.collections(call, prefix + name).isEmpty());
            return names;
        });
    }

    @Override
    public void checkHealth(Deadline deadline) {
        link.checkHealth(deadline);
    }

    /** Gives the driver's {@code MongoClient}, which ends with the engine. */
    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type == MongoClient.class ? Optional.of(type.cast(link.client())) : Optional.empty();
    }

    @Override
    public void close() {
        link.close();
    }
}
