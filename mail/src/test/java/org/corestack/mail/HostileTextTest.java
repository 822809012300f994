package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.Message;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Seeded hostile text in every place of a message: refused, or read back exactly and as nothing else. */
class HostileTextTest {
    private static final int CASES = 300;
    private static final MailAddress SENDER = MailAddress.of("shop@example.org");
    private static final Pattern ADDRESS_ON_WIRE =
            Pattern.compile("[\\x21-\\x7e&&[^<>()\\[\\]\\\\,;: ]]+|[^\\x00-\\x20<>]+");

    private long seed;

    @BeforeEach
    void seed() {
        seed = new SecureRandom().nextLong();
    }

    @Test
    void subjectsAreRefusedOrReadBack() {
        check(
                text -> MailMessage.builder().text("text").subject(text),
                Hostile::forbidden,
                (message, text) -> assertThat(message.getSubject() == null ? "" : message.getSubject())
                        .isEqualTo(text),
                List.of("Subject"));
    }

    @Test
    void namesAreRefusedOrReadBack() {
        check(
                text -> MailMessage.builder().text("text").cc(new MailAddress(text, "cc@example.org"), SENDER),
                Hostile::forbidden,
                (message, text) -> {
                    assertThat(message.getCc().flatten()).hasSize(2);
                    assertThat(message.getCc().flatten().get(0).getAddress()).isEqualTo("cc@example.org");
                    String name = message.getCc().flatten().get(0).getName();
                    assertThat(name == null ? "" : name).isEqualTo(text.strip());
                },
                List.of("Cc"));
    }

    @Test
    void headerValuesAreRefusedOrReadBack() {
        check(
                text -> MailMessage.builder().text("text").header("X-Note", text),
                Hostile::forbidden,
                (message, text) ->
                        assertThat(decoded(Mime.raw(message, "X-Note"))).isEqualTo(text),
                List.of("X-Note"));
    }

    @Test
    void headerNamesAreRefusedOrReadBack() {
        Hostile hostile = Hostile.text(seed);
        for (int i = 0; i < CASES; i++) {
            String text = hostile.next();
            boolean legal = text.matches("[!-9;-~]{1,76}")
                    && !text.toLowerCase(Locale.ROOT).matches("subject|bcc");
            MailMessage message = build(() -> MailMessage.builder().text("text").header(text, "value"), legal, text);
            if (message != null) {
                byte[] bytes = bytes(message);
                assertThat(Mime.headerNames(bytes))
                        .as(() -> label(text))
                        .contains(text)
                        .hasSize(8);
            }
        }
    }

    @Test
    void fileNamesAreRefusedOrReadBack() {
        check(
                text -> MailMessage.builder().text("text").attach(Attachment.of(text, "text/plain", new byte[] {'x'})),
                text -> Hostile.forbidden(text)
                        || text.isBlank()
                        || text.length() > 255
                        || text.contains("/")
                        || text.contains("\\"),
                (message, text) ->
                        assertThat(Mime.leaves(message).get(1).getFilename()).isEqualTo(text),
                List.of());
    }

    @Test
    void textsAreReadBack() {
        Hostile hostile = Hostile.text(seed);
        for (int i = 0; i < CASES; i++) {
            String text = hostile.next();
            boolean legal = StandardCharsets.UTF_8.newEncoder().canEncode(text);
            MailMessage message = build(() -> MailMessage.builder().text(text).html(text), legal, text);
            if (message != null) {
                String lines = text.replaceAll("\r\n|\r|\n", "\r\n");
                for (boolean eightBit : new boolean[] {false, true}) {
                    Message parsed = Mime.parse(bytes(message, eightBit));
                    assertThat(Mime.leaves(parsed))
                            .as(() -> label(text))
                            .hasSize(2)
                            .allSatisfy(part -> assertThat(Mime.text(part))
                                    .as(() -> label(text))
                                    .isEqualTo(lines));
                }
            }
        }
    }

    /** Whatever is taken as an address is one word on the wire, in which no server can see a second command. */
    @Test
    void addressesAreRefusedOrHarmless() {
        Hostile hostile = Hostile.text(seed);
        Hostile legal = Hostile.legal(seed + 1);
        int taken = 0;
        for (int i = 0; i < CASES * 2; i++) {
            String text = i % 2 == 0 ? hostile.next() : legal.next();
            for (String address : List.of(
                    text,
                    text + "@example.org",
                    "ann@" + text,
                    "\"" + text + "\"@example.org",
                    "a" + text + "@b.example")) {
                taken += harmless(address) ? 1 : 0;
            }
        }
        assertThat(taken).as("some must be legal, or nothing was tested").isPositive();
    }

    private boolean harmless(String text) {
        MailAddress address;
        try {
            address = MailAddress.of(text);
        } catch (CoreException e) {
            assertThat(e.code()).as(() -> label(text)).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            return false;
        }
        assertThat(address.address()).as(() -> label(text)).matches(ADDRESS_ON_WIRE);
        assertThat(address.address().replaceAll("^\"[^\"]*\"", "").chars().filter(c -> c == '@'))
                .as(() -> label(text))
                .hasSize(1);
        // By their bytes too: nothing in it becomes a line's end or a bracket where only the low byte is kept.
        for (byte b : address.address().getBytes(StandardCharsets.UTF_8)) {
            assertThat(b).as(() -> label(text)).isNotIn((byte) '\r', (byte) '\n', (byte) ' ', (byte) '<', (byte) '>');
        }
        assertThat(MailAddress.of(address.address()))
                .as("canonical is canonical")
                .isEqualTo(address);
        return true;
    }

    private interface Readback {
        void check(Message message, String text);
    }

    private void check(
            Function<String, MailMessage.Builder> builder,
            java.util.function.Predicate<String> forbidden,
            Readback readback,
            List<String> names) {
        Hostile hostile = Hostile.text(seed);
        Hostile legal = Hostile.legal(seed + 1);
        for (int i = 0; i < CASES; i++) {
            String text = i % 2 == 0 ? hostile.next() : legal.next();
            MailMessage message = build(() -> builder.apply(text), !forbidden.test(text), text);
            if (message != null) {
                byte[] bytes = bytes(message);
                Message parsed = Mime.parse(bytes);
                assertThat(Mime.headerNames(bytes)).as(() -> label(text)).doesNotContain("Bcc");
                assertThat(Mime.headerNames(bytes).size())
                        .as(() -> label(text))
                        .isIn(6 + names.size(), 7 + names.size());
                assertThat(Mime.headerLines(bytes)).as(() -> label(text)).allMatch(line -> line.length() <= 998);
                readback.check(parsed, text);
            }
        }
    }

    private @Nullable MailMessage build(
            java.util.function.Supplier<MailMessage.Builder> builder, boolean legal, String text) {
        if (legal) {
            try {
                MailMessage.Builder made = builder.get();
                return made.to("ann@example.org").build();
            } catch (CoreException e) {
                throw new AssertionError(label(text) + " was refused", e);
            }
        }
        CoreException error = catchThrowableOfType(CoreException.class, builder::get);
        assertThat(error).as(() -> label(text)).isNotNull();
        assertThat(error.code()).as(() -> label(text)).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return null;
    }

    @Test
    void eachLineBreakIsRefusedInEachPlace() {
        for (String lineBreak : List.of("\r", "\n", "\r\n", "\r\n ", "\0")) {
            String text = "x" + lineBreak + "Bcc: evil@example.com";
            List<Runnable> places = List.of(
                    () -> MailMessage.builder().subject(text),
                    () -> MailMessage.builder().header("X-Note", text),
                    () -> MailMessage.builder().header(text, "value"),
                    () -> MailMessage.builder().to(text + "@example.org"),
                    () -> MailMessage.builder().to("Ann" + lineBreak + "<ann@example.org>"),
                    () -> MailMessage.builder().to(new MailAddress(text, "ann@example.org")),
                    () -> MailMessage.builder().replyTo(new MailAddress(text, "ann@example.org")),
                    () -> MailMessage.builder().from("ann@example.org" + lineBreak),
                    () -> MailMessage.builder().inline(text, Attachment.of("a", "image/png", new byte[0])),
                    () -> Attachment.of(text, "text/plain", new byte[0]),
                    () -> Attachment.of("a", "text/plain" + lineBreak, new byte[0]),
                    () -> Attachment.of("a", "text/plain; name=\"" + lineBreak + "\"", new byte[0]),
                    () -> MailConfig.builder("host" + lineBreak),
                    () -> MailConfig.builder("host").from(new MailAddress(text, "ann@example.org")),
                    () -> MailConfig.builder("host").helloName("a" + lineBreak),
                    () -> MailConfig.builder("host").login("a" + lineBreak, "b"),
                    () -> MailConfig.builder("host").login("a", "b" + lineBreak));
            for (int i = 0; i < places.size(); i++) {
                CoreException error = catchThrowableOfType(CoreException.class, places.get(i)::run);
                assertThat(error).as("place %d", i).isNotNull();
                assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                assertThat(error.getMessage())
                        .doesNotContain("\r")
                        .doesNotContain("\n")
                        .doesNotContain("evil");
            }
        }
    }

    private static String decoded(String value) {
        return DecoderUtil.decodeEncodedWords(value, DecodeMonitor.STRICT);
    }

    private static byte[] bytes(MailMessage message) {
        return bytes(message, true);
    }

    private static byte[] bytes(MailMessage message, boolean eightBit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            MessageWriter.write(message, Envelope.of(message, SENDER, List.of()), out, eightBit, new SecureRandom());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private String label(String text) {
        StringBuilder escaped = new StringBuilder("seed " + seed + ": ");
        text.chars()
                .forEach(c ->
                        escaped.append(c > 31 && c < 127 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return escaped.toString();
    }
}
