package org.corestack.postgresql;

import java.util.Set;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;

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
}
