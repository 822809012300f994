package org.corestack.postgresql;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.corestack.sql.DoubleForm;
import org.corestack.sql.JsonCodec;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineStore;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** An opened database. */
final class PostgresEngine implements Engine {
    private static final int ADOPTED_POOL = 10;

    private final DataSource connections;
    private final Database database;
    private final Keeper keeper;
    private final Listener listener;
    private final ConcurrentMap<String, PostgresStore> stores = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresEngine(DataSource connections, Database database, Keeper keeper, Listener listener) {
        this.connections = connections;
        this.database = database;
        this.keeper = keeper;
        this.listener = listener;
    }

    static PostgresEngine open(EngineConfig config) {
        return open(config, true);
    }

    /** Opens; without notices other processes hear of commits only by polling. */
    static PostgresEngine open(EngineConfig config, boolean notices) {
        PostgresUri uri = PostgresUri.parse(config.uri());
        PGSimpleDataSource connections = Connector.source(uri, config);
        Connector.check(connections, uri.toString(), config.timeout());
        return start(connections, Pool.of(connections, uri.database(), uri.pool()), uri.database(), config, notices);
    }

    /** Opens on the user's own source of connections. */
    static PostgresEngine adopt(DataSource connections, EngineConfig config) {
        Connector.check(connections, "of the given data source", config.timeout());
        return start(connections, Pool.adopt(connections, "adopted", ADOPTED_POOL), "adopted", config, true);
    }

    private static PostgresEngine start(
            DataSource connections, Pool pool, String name, EngineConfig config, boolean notices) {
        JsonCodec codec = new JsonCodec(DoubleForm.PLAIN);
        Keeper keeper = new Keeper(pool, codec, config, name, notices);
        AtomicReference<@Nullable Listener> listening = new AtomicReference<>();
        CommitSignals signals = new CommitSignals(keeper::committed, () -> {
            Listener listener = listening.get();
            if (listener != null) {
                listener.start();
            }
        });
        Listener listener = new Listener(connections, name, signals);
        listening.set(listener);
        Database database = new Database(pool, codec, config.source(), signals);
        return new PostgresEngine(connections, database, keeper, listener);
    }

    /** What its parts share. */
    Database database() {
        return database;
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS, Capability.SERIALIZABLE_TRANSACTIONS, Capability.EXACT_IMAGES);
    }

    @Override
    public EngineStore store(String name) {
        return stores.computeIfAbsent(name, missing -> {
            keeper.keep(new StoreName(missing));
            return new PostgresStore(database, missing);
        });
    }

    @Override
    public Set<String> stores(Deadline deadline) {
        return Schema.stores(database.pool(), deadline);
    }

    @Override
    public void checkHealth(Deadline deadline) {
        database.pool().read(deadline, "the health check", session -> {
            session.history(); // that it is a primary too
            return session.query("SELECT 1", List.of(), rows -> rows.next());
        });
    }

    /** Gives the {@code DataSource} that connections come from: the driver's, not the pool, or the user's own. */
    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        boolean known = type == DataSource.class || type == PGSimpleDataSource.class;
        return known && type.isInstance(connections) ? Optional.of(type.cast(connections)) : Optional.empty();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            listener.close();
            keeper.close();
            database.pool().close();
            database.signals().fireAll(); // after the pool, so that a feed that it wakes finds it closed
        }
    }
}
