package org.corestack.postgresql;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of one engine on a database of its own, which leave no thread of ours behind. */
@ExtendWith(NoThreadsLeft.class)
abstract class EngineTest {
    final ExecutorService threads = Executors.newCachedThreadPool();
    String database;
    PostgresEngine engine;

    @BeforeEach
    void open() {
        database = Server.freshDatabase();
        engine = Engines.open(Server.uri(database));
    }

    @AfterEach
    void close() {
        engine.close();
        threads.shutdownNow();
    }
}
