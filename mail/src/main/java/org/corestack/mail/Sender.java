package org.corestack.mail;

import java.util.List;

/** A way for messages to go. */
interface Sender {
    SendReport send(MailMessage message);

    List<SendReport> sendAll(List<MailMessage> messages);

    void close();
}
