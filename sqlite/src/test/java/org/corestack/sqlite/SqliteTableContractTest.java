package org.corestack.sqlite;

import java.nio.file.Path;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.TableContract;
import org.junit.jupiter.api.io.TempDir;

/** Tables on SQLite. */
class SqliteTableContractTest extends TableContract {
    @TempDir
    Path folder;

    @Override
    protected String freshDatabase() {
        return "sqlite:" + folder.resolve("tables.db");
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS, Capability.SERIALIZABLE_TRANSACTIONS, Capability.EXACT_IMAGES);
    }
}
