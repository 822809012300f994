package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;
import org.postgresql.PGConnection;

/**
 * Opens PostgreSQL databases, 13 and later. Found by {@link java.util.ServiceLoader}; thread-safe.
 *
 * <p>URIs are {@code postgresql://user:password@host:5432/database} (or {@code postgres://…}), with several hosts
 * divided by commas where there are standbys, of which the primary is taken. In user, password and database {@code %}
 * and two hexadecimal digits stand for a byte of UTF-8. Parameters behind {@code ?} are {@code sslmode},
 * {@code sslrootcert}, {@code sslcert}, {@code sslkey}, {@code application_name} and {@code pool}, the most
 * connections that operations use at a time (10 unless said). A store is a schema, a collection a table.
 */
public final class PostgresEngineProvider implements EngineProvider {
    /** For {@link java.util.ServiceLoader}. */
    public PostgresEngineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("postgresql", "postgres");
    }

    /**
     * Opens the database that a URI names.
     *
     * @throws org.corestack.errors.CoreException INVALID_ARGUMENT if the URI is wrong, UNAVAILABLE if the server can't
     *     be reached, UNAUTHORIZED if it does not accept the user, NOT_FOUND if it has no such database, FORBIDDEN if
     *     the user may not connect to it, RESOURCE_EXHAUSTED if it has no connection left, UNSUPPORTED if it is older
     *     than 13 or the database is not in UTF-8, DEADLINE_EXCEEDED if it does not answer in time
     */
    @Override
    public Engine open(EngineConfig config) {
        return PostgresEngine.open(config);
    }

    /**
     * Opens the database of a {@link DataSource} whose connections are PostgreSQL's. It may pool them or not; at most
     * thirteen are used at a time, and one more to listen while there are watchers.
     */
    @Override
    public Optional<Engine> adopt(Object handle, EngineConfig config) {
        return handle instanceof DataSource source && isOurs(source)
                ? Optional.of(PostgresEngine.adopt(source, config))
                : Optional.empty();
    }

    private static boolean isOurs(DataSource source) {
        try (Connection connection = source.getConnection()) {
            return connection.isWrapperFor(PGConnection.class);
        } catch (SQLException e) {
            // Whose it is can't be told; if it is ours, opening says what is wrong.
            return source.getClass().getName().startsWith("org.postgresql.");
        }
    }

    @Override
    public String uri(EngineAddress address) {
        return PostgresUri.of(address);
    }
}
