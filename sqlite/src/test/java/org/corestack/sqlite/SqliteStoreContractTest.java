package org.corestack.sqlite;

import java.nio.file.Path;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.StoreContract;
import org.junit.jupiter.api.io.TempDir;

/** The contract on SQLite. */
class SqliteStoreContractTest extends StoreContract {
    @TempDir
    Path folder;

    private int databases;

    @Override
    protected String freshDatabase() {
        return "sqlite:" + folder.resolve("contract-" + databases++ + ".db");
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS);
    }
}
