package org.corestack.store;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;

/**
 * An opened database, the start of everything. Thread-safe; one per process and database is enough.
 *
 * <p>Closing ends the watches, waits for the writes in flight within a bound, and leaves no thread behind;
 * what is called afterwards fails with FAILED_PRECONDITION.
 */
public final class StoreClient implements AutoCloseable {
    private final Engine engine;
    private final ClientOptions options;
    private final Object lock = new Object();
    private final IdentityHashMap<ChangeSource, FeedHub> hubs = new IdentityHashMap<>(); // guarded by lock
    private boolean closed; // guarded by lock

    private StoreClient(Engine engine, ClientOptions options) {
        this.engine = engine;
        this.options = options;
    }

    /**
     * Opens the database that a URI names, with the default options.
     *
     * @param uri such as {@code sqlite:./shop.db}; the engine of the scheme must be on the class or module path
     * @throws CoreException as {@link #open(String, ClientOptions)}
     */
    public static StoreClient open(String uri) {
        return open(uri, ClientOptions.ofDefaults());
    }

    /**
     * Opens the database that a URI names.
     *
     * @throws CoreException INVALID_ARGUMENT if the URI is wrong or no engine serves its scheme; UNAVAILABLE,
     *     UNAUTHORIZED, FORBIDDEN, DATA_LOSS, RESOURCE_EXHAUSTED or UNSUPPORTED if the database can't be used
     */
    public static StoreClient open(String uri, ClientOptions options) {
        String scheme = scheme(Arguments.notNull(uri, "uri"));
        EngineConfig config = config(uri, Arguments.notNull(options, "options"));
        return new StoreClient(provider(scheme).open(config), options);
    }

    /**
     * Opens a client on driver objects of the user's own, which stay the user's to close, after this client.
     *
     * @param handle such as a {@code DataSource} or a driver's client; its engine must be on the class or module path
     * @throws CoreException INVALID_ARGUMENT if no engine there has a use for it; and as
     *     {@link #open(String, ClientOptions)}
     */
    public static StoreClient on(Object handle, ClientOptions options) {
        EngineConfig config = config("", Arguments.notNull(options, "options"));
        Arguments.notNull(handle, "handle");
        for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) {
            Optional<Engine> engine = provider.adopt(handle, config);
            if (engine.isPresent()) {
                return new StoreClient(engine.get(), options);
            }
        }
        throw CoreException.invalidArgument(
                "no engine on the class path can use a " + handle.getClass().getName());
    }

    /**
     * A builder of a client from the parts of an address.
     *
     * @param scheme the URI scheme of the engine, such as {@code postgresql}
     */
    public static StoreClientBuilder builder(String scheme) {
        return new StoreClientBuilder(Arguments.notNull(scheme, "scheme"));
    }

    private static EngineConfig config(String uri, ClientOptions options) {
        return new EngineConfig(uri, options.source(), options.timeout(), options.retention());
    }

    /** The engine of a scheme. */
    static EngineProvider provider(String scheme) {
        Set<String> known = new TreeSet<>();
        for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) {
            if (provider.schemes().contains(scheme)) {
                return provider;
            }
            known.addAll(provider.schemes());
        }
        throw CoreException.invalidArgument("no engine serves the scheme '" + scheme + "'; "
                + (known.isEmpty()
                        ? "there is no engine on the class path: add one, such as corestack-sqlite"
                        : "the engines on the class path serve " + String.join(", ", known)));
    }

    private static String scheme(String uri) {
        int colon = uri.indexOf(':');
        if (colon <= 0 || !uri.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
            throw CoreException.invalidArgument(
                    "the store URI has no scheme; it must look like sqlite:./shop.db"); // the URI may hold a password
        }
        return uri.substring(0, colon).toLowerCase(Locale.ROOT);
    }

    /**
     * The store of a name: a database on MongoDB, a schema on PostgreSQL, a prefix of names on SQLite.
     *
     * @param name a letter, then up to 47 letters, digits, underscores and hyphens
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed
     */
    public Store store(String name) {
        return new Store(this, engine.store(Arguments.name(name, "store")), name, options.timeout());
    }

    /**
     * The names of the stores in which there is a collection. Where other programs have databases on the same servers,
     * theirs are among them.
     *
     * @throws CoreException as any read
     */
    public Set<String> stores() {
        return engine.stores(Arguments.begin("listing the stores", options.timeout()));
    }

    /** The source identifier that this client's changes carry. */
    public String source() {
        return options.source();
    }

    /**
     * What the engine, in this version of its server, can do beyond the common contract.
     *
     * @throws CoreException as a read, where the version is not known yet and the server has to be asked
     */
    public Set<Capability> capabilities() {
        return engine.capabilities();
    }

    /**
     * Returns if the database is usable, and answers the watches of this client.
     *
     * @throws CoreException saying what is wrong, within the client's timeout: also UNAVAILABLE if a feed that is watched
     *     has got no answer for more than five seconds, be it that its connection says nothing at all
     */
    public void healthCheck() {
        engine.checkHealth(Arguments.begin("the health check", options.timeout()));
        List<FeedHub> watched;
        synchronized (lock) {
            watched = new ArrayList<>(hubs.values());
        }
        watched.forEach(FeedHub::checkHealth);
    }

    /**
     * The engine's native handle of a class, such as a driver's client.
     *
     * @throws CoreException UNSUPPORTED if the engine has none of that class
     */
    public <T> T unwrap(Class<T> type) {
        Arguments.notNull(type, "type");
        return engine.unwrap(type)
                .orElseThrow(() -> CoreException.unsupported(
                        "the engine " + engine.name() + " has no native handle of " + type.getName()));
    }

    /** The hub that reads a feed for all its watchers in this client. */
    FeedHub hub(ChangeSource source) {
        synchronized (lock) {
            if (closed) {
                throw CoreException.failedPrecondition("the store client is closed");
            }
            return hubs.computeIfAbsent(source, FeedHub::new);
        }
    }

    /** Ends the watches and closes the engine. Idempotent, never throws. */
    @Override
    public void close() {
        List<FeedHub> ended;
        synchronized (lock) {
            closed = true;
            ended = new ArrayList<>(hubs.values());
            hubs.clear();
        }
        ended.forEach(FeedHub::close);
        engine.close();
    }
}
