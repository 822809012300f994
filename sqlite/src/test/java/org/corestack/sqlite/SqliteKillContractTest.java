package org.corestack.sqlite;

import java.nio.file.Path;
import org.corestack.testkit.KillContract;
import org.junit.jupiter.api.io.TempDir;

/** Writers and watchers of a file are killed. */
class SqliteKillContractTest extends KillContract {
    @TempDir
    Path folder;

    @Override
    protected String freshDatabase() {
        return "sqlite:" + folder.resolve("killed.db");
    }
}
