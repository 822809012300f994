package org.corestack.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;

/**
 * How a {@link StoreClient} works.
 *
 * @param source the source identifier that the client's changes carry, set once: printable ASCII, at most 128
 *     characters
 * @param timeout how long an operation may take unless its view says otherwise
 * @param retention how long the history of changes is kept at least, on engines that keep it themselves
 */
public record ClientOptions(String source, Duration timeout, Duration retention) {
    private static final Pattern SOURCE = Pattern.compile("[!-~]{1,128}");

    /**
     * Checks.
     *
     * @throws CoreException INVALID_ARGUMENT naming the option that is wrong
     */
    public ClientOptions {
        if (!SOURCE.matcher(Arguments.notNull(source, "source")).matches()) {
            throw CoreException.invalidArgument("'" + source
                    + "' is not a source identifier; it must be 1 to 128 printable ASCII characters without spaces");
        }
        positive(Arguments.notNull(timeout, "timeout"), "timeout");
        positive(Arguments.notNull(retention, "retention"), "retention");
    }

    private static void positive(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(Duration.ofDays(36_500)) > 0) {
            throw CoreException.invalidArgument(
                    "the " + name + " is " + duration + "; it must be positive and at most a hundred years");
        }
    }

    /** A source of the host's name and a random part, 10 s, and a history of 24 h. */
    public static ClientOptions ofDefaults() {
        return new ClientOptions(randomSource(), Duration.ofSeconds(10), Duration.ofHours(24));
    }

    /** These options with another source identifier. */
    public ClientOptions withSource(String other) {
        return new ClientOptions(other, timeout, retention);
    }

    /** These options with another timeout. */
    public ClientOptions withTimeout(Duration other) {
        return new ClientOptions(source, other, retention);
    }

    /** These options with another retention of the history. */
    public ClientOptions withRetention(Duration other) {
        return new ClientOptions(source, timeout, other);
    }

    private static String randomSource() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName().replaceAll("[^!-~]", "");
        } catch (UnknownHostException e) {
            host = ""; // a machine that can't resolve its own name still has a source
        }
        String name = host.isEmpty() ? "localhost" : host.substring(0, Math.min(host.length(), 80));
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
