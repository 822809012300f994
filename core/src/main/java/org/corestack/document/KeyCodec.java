package org.corestack.document;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The canonical bytes of keys: a tag, then the value such that unsigned byte order is value order.
 *
 * <p>Integers are eight bytes with the sign flipped, text is UTF-8 ended by a zero byte, bytes escape
 * zero as 00 FF and end with 00 00, a record is its components (name, then value) ended by a zero byte.
 * The form is stored by engines: it must never change.
 */
final class KeyCodec {
    private static final int END = 0x00;
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int STRING = 0x03;
    private static final int UUID_TAG = 0x04;
    private static final int INSTANT = 0x05;
    private static final int BYTES = 0x06;
    private static final int RECORD = 0x07;

    private KeyCodec() {}

    static byte[] encode(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(32);
        write(value, out);
        return out.toByteArray();
    }

    private static void write(Object value, ByteArrayOutputStream out) {
        if (value instanceof String text) {
            out.write(STRING);
            writeText(text, out);
        } else if (value instanceof Long number) {
            out.write(INTEGER);
            writeLong(number, out);
        } else if (value instanceof Boolean truth) {
            out.write(BOOLEAN);
            out.write(truth ? 1 : 0);
        } else if (value instanceof UUID uuid) {
            out.write(UUID_TAG);
            out.writeBytes(ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array());
        } else if (value instanceof Instant instant) {
            out.write(INSTANT);
            writeLong(instant.toEpochMilli(), out);
        } else if (value instanceof Bytes bytes) {
            out.write(BYTES);
            for (byte b : bytes.toArray()) {
                out.write(b);
                if (b == 0) {
                    out.write(0xFF);
                }
            }
            out.write(END);
            out.write(END);
        } else if (value instanceof Document components) {
            out.write(RECORD);
            components.asMap().forEach((name, component) -> {
                writeText(name, out);
                write(java.util.Objects.requireNonNull(component), out);
            });
            out.write(END);
        } else {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "not the value of a key: " + value.getClass());
        }
    }

    private static void writeText(String text, ByteArrayOutputStream out) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.write(END);
    }

    private static void writeLong(long number, ByteArrayOutputStream out) {
        out.writeBytes(ByteBuffer.allocate(8).putLong(number ^ Long.MIN_VALUE).array());
    }

    static Object decode(byte[] canonical) {
        ByteBuffer in = ByteBuffer.wrap(canonical);
        try {
            Object value = read(in, in.get());
            if (in.hasRemaining()) {
                throw damaged("bytes after its end", null);
            }
            if (!Arrays.equals(encode(value), canonical)) {
                throw damaged("it is not in canonical form", null);
            }
            return value;
        } catch (BufferUnderflowException e) {
            throw damaged("it ends too early", e);
        } catch (CoreException e) {
            throw e.code() == ErrorCode.DATA_LOSS ? e : damaged("it holds what no key can", e);
        }
    }

    private static Object read(ByteBuffer in, byte tag) {
        return switch (tag) {
            case BOOLEAN -> in.get() != 0;
            case INTEGER -> in.getLong() ^ Long.MIN_VALUE;
            case STRING -> readText(in);
            case UUID_TAG -> new UUID(in.getLong(), in.getLong());
            case INSTANT -> Instant.ofEpochMilli(in.getLong() ^ Long.MIN_VALUE);
            case BYTES -> readBytes(in);
            case RECORD -> readRecord(in);
            default -> throw damaged("unknown tag " + tag, null);
        };
    }

    private static String readText(ByteBuffer in) {
        int start = in.position();
        int length = 0;
        while (in.get() != END) {
            length++;
        }
        byte[] text = new byte[length];
        in.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Bytes readBytes(ByteBuffer in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            byte b = in.get();
            if (b == 0 && in.get() == END) {
                return Bytes.of(out.toByteArray());
            }
            out.write(b);
        }
    }

    private static Document readRecord(ByteBuffer in) {
        Map<String, Object> components = new LinkedHashMap<>();
        while (in.get() != END) {
            in.position(in.position() - 1);
            String name = readText(in);
            components.put(name, read(in, in.get()));
        }
        if (components.isEmpty()) {
            throw damaged("a record without components", null);
        }
        return Document.from(components);
    }

    private static CoreException damaged(String why, @Nullable Throwable cause) {
        return new CoreException(ErrorCode.DATA_LOSS, "a stored key is damaged: " + why, cause);
    }
}
