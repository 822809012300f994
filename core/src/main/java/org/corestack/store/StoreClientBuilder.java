package org.corestack.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.EngineAddress;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link StoreClient} from the parts of an address, so that nothing has to be quoted for a URI. Made by
 * {@link StoreClient#builder}. Not thread-safe.
 */
public final class StoreClientBuilder {
    private final String scheme;
    private final List<String> hosts = new ArrayList<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private @Nullable String user;
    private @Nullable String password;
    private @Nullable String database;
    private boolean tls;
    private ClientOptions options = ClientOptions.ofDefaults();

    StoreClientBuilder(String scheme) {
        this.scheme = scheme.toLowerCase(Locale.ROOT);
    }

    /**
     * Adds a host.
     *
     * @param host its name or address, with a port behind a colon if it is not the engine's usual one
     */
    public StoreClientBuilder host(String host) {
        hosts.add(Arguments.notNull(host, "host"));
        return this;
    }

    /** Sets the user and the password to authenticate with. The password is in no message and no {@code toString}. */
    public StoreClientBuilder credentials(String name, String secret) {
        user = Arguments.notNull(name, "name");
        password = Arguments.notNull(secret, "secret");
        return this;
    }

    /** Sets the database: its name on a server, its file on SQLite. */
    public StoreClientBuilder database(String name) {
        database = Arguments.notNull(name, "name");
        return this;
    }

    /** Demands encryption and a server whose certificate is verified; without it the engine's own default holds. */
    public StoreClientBuilder tls() {
        tls = true;
        return this;
    }

    /** Sets a parameter as the engine's URI would have it. */
    public StoreClientBuilder parameter(String name, String value) {
        parameters.put(Arguments.notNull(name, "name"), Arguments.notNull(value, "value"));
        return this;
    }

    /** Sets the client's options. */
    public StoreClientBuilder options(ClientOptions other) {
        options = Arguments.notNull(other, "options");
        return this;
    }

    /**
     * Takes what environment variables say over what was set: {@code CORESTACK_STORE_HOST} (several with commas
     * between), {@code CORESTACK_STORE_USER} and {@code CORESTACK_STORE_PASSWORD} (both or none),
     * {@code CORESTACK_STORE_DATABASE}, {@code CORESTACK_STORE_TLS} ({@code true} or {@code false}).
     *
     * @param environment such as {@link System#getenv()}
     * @throws CoreException INVALID_ARGUMENT naming the variable that is wrong
     */
    public StoreClientBuilder environment(Map<String, String> environment) {
        Arguments.notNull(environment, "environment");
        String names = environment.get("CORESTACK_STORE_HOST");
        if (names != null) {
            hosts.clear();
            List.of(names.split(",", -1)).forEach(name -> hosts.add(name.strip()));
        }
        String name = environment.get("CORESTACK_STORE_USER");
        String secret = environment.get("CORESTACK_STORE_PASSWORD");
        if ((name == null) != (secret == null)) {
            throw CoreException.invalidArgument(
                    "of CORESTACK_STORE_USER and CORESTACK_STORE_PASSWORD one is set; set both or none");
        }
        if (name != null && secret != null) {
            credentials(name, secret);
        }
        String file = environment.get("CORESTACK_STORE_DATABASE");
        if (file != null) {
            database(file);
        }
        String encrypted = environment.get("CORESTACK_STORE_TLS");
        if (encrypted != null) {
            tls = flag(encrypted);
        }
        return this;
    }

    private static boolean flag(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.parseBoolean(text);
        }
        throw CoreException.invalidArgument("CORESTACK_STORE_TLS is '" + text + "'; it must be true or false");
    }

    /**
     * Opens the client.
     *
     * @throws CoreException INVALID_ARGUMENT naming the part that is missing or that the engine has no use for; and as
     *     {@link StoreClient#open(String, ClientOptions)}
     */
    public StoreClient open() {
        for (String host : hosts) {
            if (!host.matches("[A-Za-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?")) {
                throw CoreException.invalidArgument("'" + host
                        + "' is not a host; it must be a name or an address, with a port behind a colon if needed");
            }
        }
        EngineAddress address =
                new EngineAddress(scheme, List.copyOf(hosts), user, password, tls, database, Map.copyOf(parameters));
        return StoreClient.open(StoreClient.provider(scheme).uri(address), options);
    }
}
