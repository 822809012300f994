package org.corestack.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.corestack.testkit.KillContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Writers, watchers and a server of the test's own are killed. */
class PostgresKillContractTest extends KillContract {
    @TempDir
    Path folder;

    private KillableServer server;

    @Override
    protected String freshDatabase() {
        try {
            server = new KillableServer(folder);
            return server.uri();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Override
    protected boolean killServer() {
        try {
            server.kill();
            server.startAgain();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
