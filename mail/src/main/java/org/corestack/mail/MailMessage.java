package org.corestack.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * A message: who gets it and what it says. Immutable and thread-safe; made by {@link #builder}, which checks each part as
 * it is given, so that a message that exists can be sent.
 *
 * <p>Its date and the unique part of its message id are fixed when it is built: sending it again sends the same message,
 * and receivers can tell. Attachments are read when it is sent.
 */
public final class MailMessage {
    private final @Nullable MailAddress from;
    private final List<MailAddress> to;
    private final List<MailAddress> cc;
    private final List<MailAddress> bcc;
    private final List<MailAddress> replyTo;
    private final String subject;
    private final @Nullable TextBody text;
    private final @Nullable TextBody html;
    private final List<Attachment> attachments;
    private final Map<String, Attachment> inline;
    private final List<Header> headers;
    private final Instant date;
    private final String id = UUID.randomUUID().toString();

    /** A header of the user's own. */
    record Header(String name, String value) {}

    private MailMessage(Builder builder) {
        from = builder.from;
        to = List.copyOf(builder.to);
        cc = List.copyOf(builder.cc);
        bcc = List.copyOf(builder.bcc);
        replyTo = List.copyOf(builder.replyTo);
        subject = builder.subject;
        text = builder.text;
        html = builder.html;
        attachments = List.copyOf(builder.attachments);
        inline = new LinkedHashMap<>(builder.inline);
        headers = List.copyOf(builder.headers);
        date = builder.date == null ? Instant.now() : builder.date;
    }

    /** A builder of one message. */
    public static Builder builder() {
        return new Builder();
    }

    /** The sender, if it is another one than the configuration's. */
    public Optional<MailAddress> from() {
        return Optional.ofNullable(from);
    }

    /** The receivers that everyone sees. */
    public List<MailAddress> to() {
        return to;
    }

    /** The receivers of a copy, whom everyone sees. */
    public List<MailAddress> cc() {
        return cc;
    }

    /** The receivers of a copy whom nobody sees: they stand in no header. */
    public List<MailAddress> bcc() {
        return bcc;
    }

    /** Where answers go, if elsewhere than the configuration says. */
    public List<MailAddress> replyTo() {
        return replyTo;
    }

    /** The subject, empty if there is none. */
    public String subject() {
        return subject;
    }

    /** When it was written, which is when it was built unless the builder was told another time. */
    public Instant date() {
        return date;
    }

    /** How many receivers and attachments it has: nothing that is private. */
    @Override
    public String toString() {
        return "MailMessage[" + id + ", " + (to.size() + cc.size() + bcc.size()) + " receivers, "
                + (attachments.size() + inline.size()) + " attachments]";
    }

    @Nullable
    TextBody text() {
        return text;
    }

    @Nullable
    TextBody html() {
        return html;
    }

    List<Attachment> attachments() {
        return attachments;
    }

    /** By content id, in their order. */
    Map<String, Attachment> inline() {
        return inline;
    }

    List<Header> headers() {
        return headers;
    }

    /** The part of the message id before the at-sign. */
    String id() {
        return id;
    }

    /**
     * Collects the parts of a message. Not thread-safe. Each method gives the builder back and throws a
     * {@link CoreException} with INVALID_ARGUMENT for what can't be sent; text with a line break in a place for one line
     * is never let through or repaired.
     */
    public static final class Builder {
        /** Set by methods of their own, or by what the message is made of, or by the servers on its way. */
        private static final Set<String> RESERVED = Set.of(
                "from",
                "sender",
                "to",
                "cc",
                "bcc",
                "reply-to",
                "subject",
                "date",
                "message-id",
                "mime-version",
                "received",
                "return-path");

        private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
        private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

        private static final Pattern CONTENT_ID = Pattern.compile("[A-Za-z0-9._+@-]{1,200}");

        private @Nullable MailAddress from;
        private final List<MailAddress> to = new ArrayList<>();
        private final List<MailAddress> cc = new ArrayList<>();
        private final List<MailAddress> bcc = new ArrayList<>();
        private final List<MailAddress> replyTo = new ArrayList<>();
        private String subject = "";
        private @Nullable TextBody text;
        private @Nullable TextBody html;
        private final List<Attachment> attachments = new ArrayList<>();
        private final Map<String, Attachment> inline = new LinkedHashMap<>();
        private final List<Header> headers = new ArrayList<>();
        private @Nullable Instant date;

        private Builder() {}

        /** Another sender than the configuration's. */
        public Builder from(MailAddress address) {
            from = Objects.requireNonNull(address, "from");
            return this;
        }

        /** Another sender than the configuration's, as {@link MailAddress#parse} reads it. */
        public Builder from(String address) {
            return from(MailAddress.parse(address));
        }

        /** Adds receivers that everyone sees. */
        public Builder to(MailAddress... addresses) {
            to.addAll(List.of(addresses));
            return this;
        }

        /** Adds receivers that everyone sees, each as {@link MailAddress#parse} reads it. */
        public Builder to(String... addresses) {
            return to(parse(addresses));
        }

        /** Adds receivers of a copy, whom everyone sees. */
        public Builder cc(MailAddress... addresses) {
            cc.addAll(List.of(addresses));
            return this;
        }

        /** Adds receivers of a copy, whom everyone sees, each as {@link MailAddress#parse} reads it. */
        public Builder cc(String... addresses) {
            return cc(parse(addresses));
        }

        /** Adds receivers of a copy whom nobody sees. */
        public Builder bcc(MailAddress... addresses) {
            bcc.addAll(List.of(addresses));
            return this;
        }

        /** Adds receivers of a copy whom nobody sees, each as {@link MailAddress#parse} reads it. */
        public Builder bcc(String... addresses) {
            return bcc(parse(addresses));
        }

        /** Adds addresses to which answers go; they replace the configuration's. */
        public Builder replyTo(MailAddress... addresses) {
            replyTo.addAll(List.of(addresses));
            return this;
        }

        /** Adds addresses to which answers go, each as {@link MailAddress#parse} reads it. */
        public Builder replyTo(String... addresses) {
            return replyTo(parse(addresses));
        }

        /** The subject: one line in any script. */
        public Builder subject(String line) {
            subject = Checks.line("the subject", line);
            return this;
        }

        /** The text, of any number of lines ended in any way. */
        public Builder text(String plain) {
            text = TextBody.of("the text", plain);
            return this;
        }

        /**
         * The HTML. With a text beside it, each receiver sees the one that its program can show. It is sent as it is: what
         * comes from users has to be escaped before.
         */
        public Builder html(String markup) {
            html = TextBody.of("the HTML", markup);
            return this;
        }

        /** Adds attachments. */
        public Builder attach(Attachment... files) {
            attachments.addAll(List.of(files));
            return this;
        }

        /**
         * Adds an image or another file that the HTML shows by {@code cid:} and its id:
         * {@code <img src="cid:logo">}.
         *
         * @param contentId letters, digits and {@code ._+@-}; each once
         */
        public Builder inline(String contentId, Attachment file) {
            if (!CONTENT_ID.matcher(contentId).matches()) {
                throw CoreException.invalidArgument(
                        "the content id of an inline file must be 1 to 200 letters, digits and ._+@-");
            }
            if (inline.putIfAbsent(contentId, Objects.requireNonNull(file, "file")) != null) {
                throw CoreException.invalidArgument("two inline files have the content id " + contentId);
            }
            return this;
        }

        /**
         * Adds a header of one's own, such as {@code List-Unsubscribe} or {@code References}. A long value is folded at its
         * spaces, one outside of ASCII is encoded.
         *
         * @param name printable ASCII; not one that the message has a method for, nor {@code Content-…}
         * @param value one line
         */
        public Builder header(String name, String value) {
            String lower = Checks.headerName(name).toLowerCase(Locale.ROOT);
            if (RESERVED.contains(lower) || lower.startsWith("content-") || lower.startsWith("resent-")) {
                throw CoreException.invalidArgument(
                        "the header " + name + " is set by the message itself; use the builder's own methods");
            }
            headers.add(new Header(name, Checks.line("the value of the header " + name, value)));
            return this;
        }

        /** When it was written, in the years that a header can hold, 1900 to 9999; now by default. */
        public Builder date(Instant written) {
            if (written.isBefore(EARLIEST) || !written.isBefore(LATEST)) {
                throw CoreException.invalidArgument(
                        "the date is " + written + "; it must be in the years 1900 to 9999");
            }
            date = written;
            return this;
        }

        /**
         * The message.
         *
         * @throws CoreException with INVALID_ARGUMENT if it has no receiver, nothing to say, or inline files without HTML
         */
        public MailMessage build() {
            if (to.isEmpty() && cc.isEmpty() && bcc.isEmpty()) {
                throw CoreException.invalidArgument("the message has no receiver; it needs one in to, cc or bcc");
            }
            if (text == null && html == null && attachments.isEmpty()) {
                throw CoreException.invalidArgument("the message has no text, no HTML and no attachment");
            }
            if (html == null && !inline.isEmpty()) {
                throw CoreException.invalidArgument("the message has inline files and no HTML to show them");
            }
            return new MailMessage(this);
        }

        private static MailAddress[] parse(String... addresses) {
            MailAddress[] parsed = new MailAddress[addresses.length];
            for (int i = 0; i < parsed.length; i++) {
                parsed[i] = MailAddress.parse(addresses[i]);
            }
            return parsed;
        }
    }
}
