package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.NativeAccess;
import org.corestack.testkit.PlanReader;
import org.corestack.testkit.StoreContract;
import org.junit.jupiter.api.Test;
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
        return Set.of(Capability.TRANSACTIONS, Capability.SERIALIZABLE_TRANSACTIONS, Capability.EXACT_IMAGES);
    }

    @Override
    protected Optional<PlanReader> planReader() {
        return Optional.of(new Plans());
    }

    @Override
    protected Optional<NativeAccess> nativeAccess() {
        return Optional.of(new Handles());
    }

    @Override
    protected boolean opensInOtherProcesses() {
        return true;
    }

    @Test
    void nothingIsSkipped() {
        assertThat(skipped()).isEmpty();
    }
}
