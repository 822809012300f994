package org.corestack.postgresql;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.EngineAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a URI says: {@code postgresql://user:password@host:port,host:port/database?parameters}.
 *
 * @param hosts each with its port
 * @param database its name
 * @param user null for the driver's choice, the user of the system
 * @param password null where there is none; then the driver looks into the user's password file
 * @param parameters the driver's, by its names
 * @param pool the most connections for operations
 */
record PostgresUri(
        List<String> hosts,
        String database,
        @Nullable String user,
        @Nullable String password,
        Map<String, String> parameters,
        int pool) {
    private static final int DEFAULT_POOL = 10;
    private static final Pattern URI =
            Pattern.compile("postgres(?:ql)?://(?:([^/?]*)@)?([^/?@]+)/([^/?]+)(?:\\?(.*))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+\\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

    /** Our parameters, and what they are called by the driver. */
    private static final Map<String, String> KNOWN = Map.of(
            "sslmode", "sslmode",
            "sslrootcert", "sslrootcert",
            "sslcert", "sslcert",
            "sslkey", "sslkey",
            "application_name", "ApplicationName");

    /**
     * Reads a URI.
     *
     * @throws CoreException INVALID_ARGUMENT saying what is wrong with it, without quoting it, as it may hold a password
     */
    static PostgresUri parse(String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            throw wrong("it must look like postgresql://user:password@host:5432/database");
        }
        String info = matcher.group(1);
        int colon = info == null ? -1 : info.indexOf(':');
        String user = info == null ? null : decode(colon < 0 ? info : info.substring(0, colon));
        String password = colon < 0 ? null : decode(info.substring(colon + 1));
        Map<String, String> parameters = new TreeMap<>();
        int pool = DEFAULT_POOL;
        for (String parameter : matcher.group(4) == null
                ? List.<String>of()
                : List.of(matcher.group(4).split("&", -1))) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : decode(parameter.substring(equals + 1));
            if (name.equals("pool")) {
                pool = pool(value);
            } else if (KNOWN.containsKey(name)) {
                parameters.put(KNOWN.get(name), value);
            } else {
                throw wrong("the parameter '" + name + "' is not known; there are pool, "
                        + String.join(", ", new java.util.TreeSet<>(KNOWN.keySet())));
            }
        }
        return new PostgresUri(
                hosts(matcher.group(2)),
                decode(matcher.group(3)),
                user == null || user.isEmpty() ? null : user,
                password,
                parameters,
                pool);
    }

    /**
     * The URI of an address.
     *
     * @throws CoreException INVALID_ARGUMENT naming the part that is missing or wrong
     */
    static String of(EngineAddress address) {
        if (address.hosts().isEmpty()) {
            throw CoreException.invalidArgument("PostgreSQL needs a host");
        }
        if (address.database() == null || address.database().isEmpty()) {
            throw CoreException.invalidArgument("PostgreSQL needs a database: its name");
        }
        StringBuilder uri = new StringBuilder(address.scheme()).append("://");
        if (address.user() != null) {
            uri.append(encode(address.user()));
            uri.append(address.password() == null ? "" : ":" + encode(address.password()))
                    .append('@');
        }
        uri.append(String.join(",", address.hosts())).append('/').append(encode(address.database()));
        Map<String, String> parameters = new TreeMap<>(address.parameters());
        if (address.tls()) {
            parameters.putIfAbsent("sslmode", "verify-full");
        }
        char before = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            uri.append(before).append(parameter.getKey()).append('=').append(encode(parameter.getValue()));
            before = '&';
        }
        parse(uri.toString());
        return uri.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static List<String> hosts(String text) {
        List<String> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            if (!host.matches() || (host.group(2) != null && !isPort(Integer.parseInt(host.group(2))))) {
                throw wrong("'" + part + "' is no host, or its port is none of 1 to 65535");
            }
            hosts.add(host.group(1).toLowerCase(Locale.ROOT) + ":" + (host.group(2) == null ? "5432" : host.group(2)));
        }
        return hosts;
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= 65_535;
    }

    private static int pool(String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw wrong("the parameter pool is '" + text + "'; it must be a number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    /** The URL for the driver, which holds neither user nor password. */
    String jdbcUrl() {
        String url = "jdbc:postgresql://" + String.join(",", hosts) + "/" + encode(database);
        return hosts.size() > 1 ? url + "?targetServerType=primary" : url;
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                int high = i + 2 <= encoded.length - 1 ? Character.digit(encoded[i + 1], 16) : -1;
                int low = i + 2 <= encoded.length - 1 ? Character.digit(encoded[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw wrong("a percent sign needs two hexadecimal digits behind it (%25 for itself)");
                }
                bytes.write(high * 16 + low);
                i += 2;
            } else {
                bytes.write(encoded[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong("its percent signs give no UTF-8");
        }
    }

    private static CoreException wrong(String why) {
        return CoreException.invalidArgument("the URI of the PostgreSQL database can't be used: " + why);
    }

    /** The hosts and the database; no password. */
    @Override
    public String toString() {
        return String.join(",", hosts) + "/" + database;
    }
}
