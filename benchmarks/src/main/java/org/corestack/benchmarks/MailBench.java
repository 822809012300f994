package org.corestack.benchmarks;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.corestack.mail.Attachment;
import org.corestack.mail.MailAddress;
import org.corestack.mail.MailClient;
import org.corestack.mail.MailConfig;
import org.corestack.mail.MailMessage;
import org.corestack.mail.TlsMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages per second over one connection in clear, building each message included: our client beside the bare library, in
 * pairs, to a server that costs next to nothing.
 */
@Command(
        name = "mail",
        description = "Messages per second over one connection, beside the bare library.",
        mixinStandardHelpOptions = true)
final class MailBench implements Callable<Integer> {
    private static final String SENDER = "shop@example.org";
    private static final String RECEIVER = "ann@example.org";
    private static final String TEXT = "Thank you for your order. It is on its way.\n".repeat(10);
    private static final String HTML = "<p>Danke für Ihre Bestellung. Sie ist unterwegs.</p>\n".repeat(20);
    private static final byte[] FILE = new byte[100_000];

    @Option(names = "--quick", description = "Fewer messages and pairs: some 20 s instead of 2 minutes.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to FILE.")
    private @Nullable Path json;

    private enum Kind {
        TEXT("a short text", 1),
        BOTH("text and HTML with umlauts", 1),
        FILE("a text and a file of 100 kB", 8);

        private final String label;
        private final int fewer;

        Kind(String label, int fewer) {
            this.label = label;
            this.fewer = fewer;
        }
    }

    /** One message, built and sent. */
    private interface Send {
        void one() throws MessagingException;
    }

    @Override
    public Integer call() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (MailSink sink = new MailSink();
                MailClient client = client(sink.port())) {
            Session session = Session.getInstance(new Properties());
            Transport transport = session.getTransport("smtp");
            transport.connect("127.0.0.1", sink.port(), null, null);
            for (Kind kind : Kind.values()) {
                measure(kind, () -> ours(client, kind), () -> bare(session, transport, kind), sink, figures);
            }
            transport.close();
        }
        figures.forEach((name, figure) -> System.out.printf("%-56s %s%n", name, figure));
        if (json != null) {
            Files.writeString(
                    json,
                    JsonMapper.builder()
                                    .build()
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(figures) + "\n");
        }
        return 0;
    }

    private void measure(Kind kind, Send ours, Send bare, MailSink sink, Map<String, Object> figures)
            throws MessagingException {
        int messages = (quick ? 600 : 3_000) / kind.fewer;
        int pairs = quick ? 7 : 15;
        List<Double> oursPerSecond = new ArrayList<>();
        List<Double> barePerSecond = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        // What is compiled while it is measured is not what a service has.
        perSecond(ours, messages * 2);
        long ourBytes = sink.bytes();
        perSecond(bare, messages * 2);
        long bareBytes = sink.bytes();
        for (int i = 0; i < pairs; i++) {
            // Who goes first changes, so that what the machine does besides hits both.
            double first = perSecond(i % 2 == 0 ? ours : bare, messages);
            double second = perSecond(i % 2 == 0 ? bare : ours, messages);
            oursPerSecond.add(i % 2 == 0 ? first : second);
            barePerSecond.add(i % 2 == 0 ? second : first);
            ratios.add(oursPerSecond.get(i) / barePerSecond.get(i));
        }
        figures.put(kind.label + ", ours: messages/s", Spread.of(oursPerSecond));
        figures.put(kind.label + ", bare: messages/s", Spread.of(barePerSecond));
        figures.put(kind.label + ", ratio ours / bare of " + pairs + " pairs", Spread.of(ratios));
        figures.put(kind.label + ", bytes: ours, bare", List.of(ourBytes, bareBytes));
    }

    private static double perSecond(Send send, int messages) throws MessagingException {
        long began = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            send.one();
        }
        return messages * 1e9 / (System.nanoTime() - began);
    }

    private static MailClient client(int port) {
        return MailClient.open(MailConfig.builder("127.0.0.1")
                .port(port)
                .tls(TlsMode.NONE)
                .from(SENDER)
                .connections(1)
                .build());
    }

    private static void ours(MailClient client, Kind kind) {
        MailMessage.Builder message = MailMessage.builder()
                .to(new MailAddress("Ann", RECEIVER))
                .subject("Your order is on its way")
                .text(TEXT);
        switch (kind) {
            case BOTH -> message.html(HTML);
            case FILE -> message.attach(Attachment.of("list.bin", "application/octet-stream", FILE));
            case TEXT -> {
                // the text is all
            }
        }
        client.send(message.build()).orThrow();
    }

    @SuppressWarnings("JavaUtilDate") // the bare library knows no other time
    private static void bare(Session session, Transport transport, Kind kind) throws MessagingException {
        try {
            MimeMessage message = new MimeMessage(session);
            message.setFrom(new InternetAddress(SENDER));
            message.setRecipient(Message.RecipientType.TO, new InternetAddress(RECEIVER, "Ann", "UTF-8"));
            message.setSubject("Your order is on its way", "UTF-8");
            message.setSentDate(new Date());
            switch (kind) {
                case TEXT -> message.setText(TEXT, "UTF-8");
                case BOTH -> message.setContent(new MimeMultipart("alternative", text(), html()));
                case FILE -> message.setContent(new MimeMultipart(text(), file()));
            }
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
        } catch (IOException e) {
            throw new MessagingException("the bare message can't be built", e);
        }
    }

    private static MimeBodyPart text() throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(TEXT, "UTF-8");
        return part;
    }

    private static MimeBodyPart html() throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(HTML, "UTF-8", "html");
        return part;
    }

    private static MimeBodyPart file() throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new ByteArrayDataSource(FILE, "application/octet-stream")));
        part.setFileName("list.bin");
        return part;
    }
}
