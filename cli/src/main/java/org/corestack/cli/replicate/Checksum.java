package org.corestack.cli.replicate;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.StoredDocument;
import org.corestack.document.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * The number of some documents, and a sum over keys, names, types and values that does not depend on their order, nor on
 * that of fields, and not on versions. Not thread-safe.
 */
final class Checksum {
    private final MessageDigest digest = sha256();
    private final DataOutputStream out =
            new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    private long count;
    private long high;
    private long low;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void add(StoredDocument document) {
        try {
            bytes(document.key().toBytes());
            value(document.document());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a stream that goes nowhere
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        count++;
        long before = low;
        low += hash.getLong();
        high += hash.getLong() + (Long.compareUnsigned(low, before) < 0 ? 1 : 0);
    }

    void addAll(Collection<StoredDocument> documents) {
        documents.forEach(this::add);
    }

    long count() {
        return count;
    }

    boolean agrees(Checksum other) {
        return count == other.count && high == other.high && low == other.low;
    }

    /** The sum in hexadecimal digits. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%016x%016x", high, low);
    }

    private void value(@Nullable Object value) throws IOException {
        ValueType type = ValueType.of(value);
        text(type.name());
        if (value == null) {
            return;
        }
        switch (type) {
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INT32 -> out.writeInt((Integer) value);
            case INT64 -> out.writeLong((Long) value);
            case DOUBLE -> out.writeLong(Double.doubleToLongBits((Double) value));
            case DECIMAL -> text(((BigDecimal) value).toString());
            case STRING -> text((String) value);
            case BYTES -> bytes(((Bytes) value).toArray());
            case UUID -> {
                out.writeLong(((UUID) value).getMostSignificantBits());
                out.writeLong(((UUID) value).getLeastSignificantBits());
            }
            case INSTANT -> out.writeLong(((Instant) value).toEpochMilli());
            case LIST -> {
                out.writeInt(((List<?>) value).size());
                for (Object element : (List<?>) value) {
                    value(element);
                }
            }
            case DOCUMENT -> {
                Document document = (Document) value;
                out.writeInt(document.names().size());
                for (String name : new TreeSet<>(document.names())) {
                    text(name);
                    value(document.get(name));
                }
            }
            default -> Objects.requireNonNull(value); // null has no more to say than its type
        }
    }

    private void text(String text) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
