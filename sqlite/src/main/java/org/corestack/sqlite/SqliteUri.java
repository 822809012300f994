package org.corestack.sqlite;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.EngineAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a URI says: {@code sqlite:PATH}, {@code sqlite:///ABSOLUTE/PATH} or {@code sqlite::memory:}, each with
 * {@code ?durability=power} or {@code ?durability=process} behind it if wanted.
 *
 * @param path the file, absolute; null for a temporary one
 * @param durability what a confirmed write survives
 */
record SqliteUri(@Nullable Path path, Durability durability) {
    static final String SCHEME = "sqlite";

    /**
     * Reads a URI.
     *
     * @throws CoreException INVALID_ARGUMENT saying what is wrong with it
     */
    static SqliteUri parse(String uri) {
        String prefix = SCHEME + ":";
        if (!uri.toLowerCase(Locale.ROOT).startsWith(prefix)) {
            throw wrong(uri, "it does not begin with " + prefix);
        }
        String rest = uri.substring(prefix.length());
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        Durability durability = query < 0 ? Durability.POWER : durability(uri, rest.substring(query + 1));
        if (place.equals(":memory:")) {
            return new SqliteUri(null, Durability.NONE);
        }
        return new SqliteUri(path(uri, place), durability);
    }

    /**
     * The URI of an address.
     *
     * @throws CoreException INVALID_ARGUMENT naming the part that is missing, or that a file has no use for
     */
    static String of(EngineAddress address) {
        if (!address.hosts().isEmpty() || address.user() != null || address.password() != null || address.tls()) {
            String part = !address.hosts().isEmpty() ? "a host" : address.tls() ? "TLS" : "credentials";
            throw CoreException.invalidArgument(
                    "sqlite has no use for " + part + ": its database is a file of this machine");
        }
        String file = address.database();
        if (file == null || file.isEmpty()) {
            throw CoreException.invalidArgument("sqlite needs a database: the path of its file");
        }
        String query = address.parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining("&"));
        // Two slashes at the beginning would be those before a host.
        String uri = SCHEME + ":"
                + file.replaceFirst("^/+", "/").replace("%", "%25").replace("?", "%3F")
                + (query.isEmpty() ? "" : "?" + query);
        parse(uri);
        return uri;
    }

    private static Path path(String uri, String place) {
        String encoded = place;
        if (place.startsWith("//")) {
            if (!place.startsWith("///")) {
                throw wrong(uri, "it names a host; write sqlite:///absolute/path or sqlite:relative/path");
            }
            encoded = place.substring(2);
        }
        String decoded = decode(uri, encoded);
        if (decoded.isEmpty()) {
            throw wrong(uri, "it names no file; write sqlite:./shop.db, for example");
        }
        try {
            return Path.of(decoded).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw wrong(uri, "it names no path of this system: " + e.getReason());
        }
    }

    private static Durability durability(String uri, String query) {
        Durability durability = Durability.POWER;
        for (String parameter : query.split("&", -1)) {
            durability = switch (parameter) {
                case "durability=power" -> Durability.POWER;
                case "durability=process" -> Durability.PROCESS;
                default ->
                    throw wrong(
                            uri,
                            "the parameter '" + parameter.replaceFirst("=.*", "")
                                    + "', or its value, is not known; there are durability=power (a confirmed"
                                    + " write survives power loss, the default) and durability=process");
            };
        }
        return durability;
    }

    /** Percent signs stand for bytes of UTF-8, so that a file name may hold a question mark. */
    private static String decode(String uri, String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(hex(uri, text, i + 1) * 16 + hex(uri, text, i + 2));
                i += 2;
            } else {
                int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
                bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end - 1;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong(uri, "its percent signs give no UTF-8");
        }
    }

    private static int hex(String uri, String text, int at) {
        int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        if (digit < 0) {
            throw wrong(uri, "a percent sign needs two hexadecimal digits behind it (%25 for itself)");
        }
        return digit;
    }

    private static CoreException wrong(String uri, String why) {
        // Without its parameters: one that is meant for another engine or driver may be a secret.
        String shown = uri.replaceFirst("\\?.*", "?…");
        return CoreException.invalidArgument("the URI '" + shown + "' can't be used: " + why);
    }
}
