package org.corestack.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.EngineAddress;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link StoreClient} from the parts of an address, so that nothing has to be quoted for a URI. Made by
 * {@link StoreClient#builder}. Not thread-safe.
 */
public final class StoreClientBuilder {
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>[0-9]{1,5}))?");

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
     * @param host its name or address, with a port behind a colon if it is not the engine's usual one; an IPv6 address in
     *     brackets
     * @throws CoreException INVALID_ARGUMENT if it has no such form
     */
    public StoreClientBuilder host(String host) {
        hosts.add(checked(Arguments.notNull(host, "host"), ""));
        return this;
    }

    private static String checked(String host, String from) {
        Matcher form = HOST.matcher(host);
        String port = form.matches() ? form.group("port") : null;
        if (!form.matches() || (port != null && (Integer.parseInt(port) == 0 || Integer.parseInt(port) > 65_535))) {
            throw CoreException.invalidArgument("'" + host + "'" + from
                    + " is not a host; it must be a name or an address, an IPv6 one in brackets, with a port behind a"
                    + " colon if it is not the usual one");
        }
        return host;
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

    /** Sets a parameter as the engine's URI would have it; its value may be secret. */
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
     * {@code CORESTACK_STORE_DATABASE}, {@code CORESTACK_STORE_TLS} ({@code true} or {@code false}). An empty one is wrong,
     * so that nothing is left out by mistake.
     *
     * @param environment such as {@link System#getenv()}
     * @throws CoreException INVALID_ARGUMENT naming the variable that is wrong
     */
    public StoreClientBuilder environment(Map<String, String> environment) {
        Arguments.notNull(environment, "environment");
        String names = variable(environment, "CORESTACK_STORE_HOST");
        if (names != null) {
            List<String> others = new ArrayList<>();
            for (String name : names.split(",", -1)) {
                others.add(checked(name.strip(), " in CORESTACK_STORE_HOST"));
            }
            hosts.clear();
            hosts.addAll(others);
        }
        String name = variable(environment, "CORESTACK_STORE_USER");
        String secret = variable(environment, "CORESTACK_STORE_PASSWORD");
        if ((name == null) != (secret == null)) {
            throw CoreException.invalidArgument(
                    "of CORESTACK_STORE_USER and CORESTACK_STORE_PASSWORD one is set; set both or none");
        }
        if (name != null && secret != null) {
            credentials(name, secret);
        }
        String file = variable(environment, "CORESTACK_STORE_DATABASE");
        if (file != null) {
            database(file);
        }
        String encrypted = variable(environment, "CORESTACK_STORE_TLS");
        if (encrypted != null) {
            tls = flag(encrypted);
        }
        return this;
    }

    private static @Nullable String variable(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value != null && value.isEmpty()) {
            throw CoreException.invalidArgument(
                    "the environment variable " + name + " is empty; unset it or give it a value");
        }
        return value;
    }

    private static boolean flag(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.parseBoolean(text);
        }
        throw CoreException.invalidArgument("CORESTACK_STORE_TLS is '" + text + "'; it must be true or false");
    }

    private EngineAddress address() {
        return new EngineAddress(
                scheme,
                List.copyOf(hosts),
                user,
                password,
                tls,
                database,
                Collections.unmodifiableMap(new LinkedHashMap<>(parameters)));
    }

    /** The parts of the address, without what may be secret. */
    @Override
    public String toString() {
        return "StoreClientBuilder(" + address() + ")";
    }

    /**
     * Opens the client.
     *
     * @throws CoreException INVALID_ARGUMENT naming the part that is missing or that the engine has no use for; and as
     *     {@link StoreClient#open(String, ClientOptions)}
     */
    public StoreClient open() {
        return StoreClient.open(StoreClient.provider(scheme).uri(address()), options);
    }
}
