package org.corestack.mail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the server is told about a message besides the message itself.
 *
 * @param sender where it comes from
 * @param replyTo where answers go, empty if to the sender
 * @param receivers each once, without names
 * @param messageId in angle brackets
 */
record Envelope(MailAddress sender, List<MailAddress> replyTo, List<MailAddress> receivers, String messageId) {
    static Envelope of(MailMessage message, MailAddress defaultSender, List<MailAddress> defaultReplyTo) {
        MailAddress sender = message.from().orElse(defaultSender);
        Set<MailAddress> receivers = new LinkedHashSet<>();
        for (List<MailAddress> some : List.of(message.to(), message.cc(), message.bcc())) {
            some.forEach(address -> receivers.add(address.withoutName()));
        }
        return new Envelope(
                sender,
                message.replyTo().isEmpty() ? defaultReplyTo : message.replyTo(),
                new ArrayList<>(receivers),
                "<" + message.id() + "@" + idDomain(sender) + ">");
    }

    /** An address that only a server with SMTPUTF8 can take, if there is one. */
    Optional<MailAddress> needingUtf8() {
        return Stream.of(List.of(sender), replyTo, receivers)
                .flatMap(List::stream)
                .filter(MailAddress::needsUtf8)
                .findFirst();
    }

    /** A report with a result for each receiver. */
    SendReport report(Function<MailAddress, ReceiverResult> result) {
        return new SendReport(messageId, receivers.stream().map(result).toList());
    }

    private static String idDomain(MailAddress sender) {
        String domain = sender.domain();
        // An address literal has brackets and may have colons, which many readers do not expect in a message id.
        return domain.startsWith("[") ? "literal.invalid" : domain;
    }
}
