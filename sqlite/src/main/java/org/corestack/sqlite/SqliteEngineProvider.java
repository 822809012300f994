package org.corestack.sqlite;

import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineProvider;
import org.sqlite.SQLiteDataSource;

/**
 * Opens SQLite files. Found by {@link java.util.ServiceLoader}; thread-safe.
 *
 * <p>URIs are {@code sqlite:./relative.db}, {@code sqlite:/absolute.db}, {@code sqlite:///absolute.db}, and
 * {@code sqlite::memory:} for a private temporary file that is deleted at close. In a path {@code %} and two
 * hexadecimal digits stand for a byte of UTF-8: write {@code %3F} for a question mark and {@code %25} for a
 * percent sign. The folder must be there; the file is made if it is not. A SQLite database of your own can
 * be used: our tables are made beside yours.
 *
 * <p>A confirmed write survives the loss of power. With {@code ?durability=process} it survives the death of
 * the process, but the loss of power or a crash of the system may undo the last confirmed writes (a whole
 * number of them, the file stays sound); in exchange a commit does not wait for the disk.
 */
public final class SqliteEngineProvider implements EngineProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SqliteEngineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(SqliteUri.SCHEME);
    }

    /**
     * Opens the file that a URI names.
     *
     * @throws org.corestack.errors.CoreException INVALID_ARGUMENT if the URI is wrong or the file no SQLite
     *     database, NOT_FOUND if its folder is missing, FORBIDDEN if it can't be written, UNSUPPORTED if a
     *     newer version of the library wrote it, DATA_LOSS if it is damaged, RESOURCE_EXHAUSTED if the disk
     *     is full, DEADLINE_EXCEEDED if another program keeps it locked; nothing is overwritten
     */
    @Override
    public Engine open(EngineConfig config) {
        return SqliteEngine.open(config);
    }

    /**
     * Opens the file of an {@code org.sqlite.SQLiteDataSource}, whose connections, with all that it is configured to do
     * for each, are used for everything. A confirmed write survives the loss of power. A source whose connections leave
     * write-ahead logging is refused.
     */
    @Override
    public Optional<Engine> adopt(Object handle, EngineConfig config) {
        return handle instanceof SQLiteDataSource source
                ? Optional.of(SqliteEngine.adopt(source, config))
                : Optional.empty();
    }

    /** The URI of a file, which the database of the address names, or of {@code :memory:}. */
    @Override
    public String uri(EngineAddress address) {
        return SqliteUri.of(address);
    }
}
