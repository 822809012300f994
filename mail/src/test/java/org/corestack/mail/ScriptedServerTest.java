package org.corestack.mail;

import java.io.IOException;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests against a scripted server, a new one for each, that leave no thread of the client behind. */
@Timeout(60)
@ExtendWith(NoThreadsLeft.class)
abstract class ScriptedServerTest {
    ScriptedServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }
}
