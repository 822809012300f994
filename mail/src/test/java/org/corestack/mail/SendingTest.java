package org.corestack.mail;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests with a client that sends to the scripted server. */
abstract class SendingTest extends ScriptedServerTest {
    MailClient client;

    @BeforeEach
    void openClient() {
        client = MailClient.open(TestMail.config(server.port()).build());
    }

    @AfterEach
    void closeClient() {
        client.close();
    }
}
