package org.corestack.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.sql.JsonCodec;
import org.corestack.store.spi.Capability;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/** An opened file. Two engines on one file, in one process or in several, compete for its lock. */
final class SqliteEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteEngine.class);

    private final Database database;
    private final VersionWatch watch;
    private final ConcurrentMap<String, SqliteStore> stores = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteEngine(Database database, VersionWatch watch) {
        this.database = database;
        this.watch = watch;
    }

    static SqliteEngine open(EngineConfig config) {
        SqliteUri uri = SqliteUri.parse(config.uri());
        Path path = uri.path();
        return open(new SqliteFile(path == null ? temporary() : path, path == null, uri.durability(), null), config);
    }

    /** Opens the file of a data source of the user's, whose connections are used. */
    static SqliteEngine adopt(SQLiteDataSource source, EngineConfig config) {
        return open(SqliteFile.adopt(source), config);
    }

    private static SqliteEngine open(SqliteFile file, EngineConfig config) {
        try {
            String fileId = Opening.open(file, Deadline.in(config.timeout()));
            return start(file, fileId, config);
        } catch (RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    private static SqliteEngine start(SqliteFile file, String fileId, EngineConfig config) {
        Catalog catalog = new Catalog();
        VersionWatch watch = new VersionWatch(file);
        FileIdentity identity = FileIdentity.of(file.path());
        Writer writer =
                new Writer(file, identity, catalog, fileId, config.source(), watch.signal(), config.retention());
        JsonCodec codec = new JsonCodec();
        Database database = new Database(
                file,
                identity,
                fileId,
                config.source(),
                codec,
                new SqliteDialect(codec),
                catalog,
                new ReadPool(file),
                writer,
                new Transactions(file, identity),
                watch.signal());
        writer.start(database);
        watch.start();
        return new SqliteEngine(database, watch);
    }

    /** What its parts share. */
    Database database() {
        return database;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("corestack").resolve("memory.db");
        } catch (IOException e) {
            throw new CoreException(ErrorCode.UNAVAILABLE, "no temporary folder can be made for sqlite::memory:", e);
        }
    }

    @Override
    public String name() {
        return SqliteUri.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS, Capability.SERIALIZABLE_TRANSACTIONS, Capability.EXACT_IMAGES);
    }

    @Override
    public EngineStore store(String name) {
        return stores.computeIfAbsent(name, missing -> new SqliteStore(database, missing));
    }

    @Override
    public Set<String> stores(Deadline deadline) {
        return database.reads().read(deadline, "listing the stores of " + database.file(), Catalog::stores);
    }

    @Override
    public void checkHealth(Deadline deadline) {
        database.reads().read(deadline, "the health check of " + database.file(), Format::fileId);
        database.identity().check();
    }

    /** Gives a {@code SQLiteDataSource} for further connections to the file. */
    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type == SQLiteDataSource.class
                ? Optional.of(type.cast(database.file().dataSource()))
                : Optional.empty();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            database.transactions().close(); // before the writer, which may wait for one
            database.writer().close();
            database.reads().close();
            watch.close(); // after the reads, so that a feed that it wakes finds them closed
            delete(database.file());
        }
    }

    private static void delete(SqliteFile file) {
        if (!file.temporary()) {
            return;
        }
        try {
            Files.deleteIfExists(file.wal());
            Files.deleteIfExists(file.shm());
            Files.deleteIfExists(file.path());
            Files.deleteIfExists(file.path().getParent());
        } catch (IOException e) {
            LOG.warn("the temporary {} could not be deleted", file, e);
        }
    }
}
