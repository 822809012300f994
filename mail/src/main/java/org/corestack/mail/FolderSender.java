package org.corestack.mail;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.Accepted;
import org.corestack.mail.ReceiverResult.NotSent;

/**
 * The test mode: writes messages as files, as they would be sent, with two headers before that say what the server would
 * have been told.
 */
final class FolderSender implements Sender {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final MailConfig config;
    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    /** Within a millisecond names still sort in the order of sending. */
    private final AtomicLong count = new AtomicLong();

    FolderSender(MailConfig config, Path folder) {
        this.config = config;
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw CoreException.wrap("the folder '" + folder + "' for messages can't be made", unavailable(e));
        }
    }

    @Override
    public SendReport send(MailMessage message) {
        Envelope envelope = Envelope.of(message, config.from(), config.replyTo());
        String name = TIME.format(Instant.now())
                + String.format(Locale.ROOT, "-%06d-", count.incrementAndGet())
                + message.id();
        // Made under another name first: who watches the folder never sees half a message.
        Path part = folder.resolve(name + ".part");
        Path file = folder.resolve(name + ".eml");
        try {
            write(message, envelope, part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AttachmentException e) {
            remove(part, e);
            throw Failures.attachment(e);
        } catch (IOException e) {
            remove(part, e);
            throw CoreException.wrap("a message can't be written into the folder '" + folder + "'", unavailable(e));
        }
        SmtpReply reply = new SmtpReply(250, "", "written to " + file);
        return envelope.report(receiver -> new Accepted(receiver, reply));
    }

    @Override
    public List<SendReport> sendAll(List<MailMessage> messages) {
        return messages.stream().map(this::sendOrReport).toList();
    }

    private SendReport sendOrReport(MailMessage message) {
        try {
            return send(message);
        } catch (CoreException e) {
            return Envelope.of(message, config.from(), config.replyTo()).report(receiver -> new NotSent(receiver, e));
        }
    }

    @Override
    public void close() {
        // Nothing is open between two messages.
    }

    private void write(MailMessage message, Envelope envelope, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))) {
            String receivers =
                    envelope.receivers().stream().map(MailAddress::address).collect(Collectors.joining(",\r\n "));
            String headers =
                    "X-Envelope-From: " + envelope.sender().address() + "\r\nX-Envelope-To: " + receivers + "\r\n";
            out.write(headers.getBytes(StandardCharsets.UTF_8));
            MessageWriter.write(message, envelope, out, true, random);
        }
    }

    private static void remove(Path part, IOException error) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            error.addSuppressed(e);
        }
    }

    private static CoreException unavailable(IOException error) {
        return new CoreException(ErrorCode.UNAVAILABLE, String.valueOf(error.getMessage()), error);
    }
}
