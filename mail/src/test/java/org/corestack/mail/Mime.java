package org.corestack.mail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;

/** Reads messages by Apache Mime4j, which shares no code with what wrote them. */
final class Mime {
    private Mime() {}

    static Message parse(byte[] bytes) {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        // Strict: what is not quite right is an error and not repaired.
        builder.setDecodeMonitor(DecodeMonitor.STRICT);
        builder.setMimeEntityConfig(
                MimeConfig.custom().setStrictParsing(true).setMaxLineLen(1000).build());
        try {
            return builder.parseMessage(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new AssertionError(
                    "not a message: " + e + "\n" + text(Arrays.copyOf(bytes, Math.min(bytes.length, 3_000))), e);
        }
    }

    /** The tree of types: {@code multipart/mixed(text/plain, image/png)}. */
    static String tree(Entity entity) {
        Body body = entity.getBody();
        if (body instanceof Multipart multipart) {
            List<String> parts =
                    multipart.getBodyParts().stream().map(Mime::tree).toList();
            return entity.getMimeType() + "(" + String.join(", ", parts) + ")";
        }
        return entity.getMimeType();
    }

    /** All parts that are not made of parts, in their order. */
    static List<Entity> leaves(Entity entity) {
        List<Entity> leaves = new ArrayList<>();
        if (entity.getBody() instanceof Multipart multipart) {
            multipart.getBodyParts().forEach(part -> leaves.addAll(leaves(part)));
        } else {
            leaves.add(entity);
        }
        return leaves;
    }

    static byte[] content(Entity entity) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ((SingleBody) entity.getBody()).writeTo(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The decoded text of a part. */
    static String text(Entity entity) {
        return text(content(entity));
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The header as its lines stand in the message, without the parts' headers. */
    static List<String> headerLines(byte[] bytes) {
        String text = text(bytes);
        return List.of(text.substring(0, text.indexOf("\r\n\r\n")).split("\r\n"));
    }

    /** The names of the headers of the message itself, in their order. */
    static List<String> headerNames(byte[] bytes) {
        return headerLines(bytes).stream()
                .filter(line -> !line.startsWith(" ") && !line.startsWith("\t"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
    }

    /** The value of one header of an entity, unfolded and not decoded. */
    static String raw(Entity entity, String name) {
        return entity.getHeader().getField(name).getBody();
    }
}
