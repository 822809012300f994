package org.corestack.mongodb;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.LegacyUUID;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The order of stored values, as the server's manual gives it under "Comparison/Sort Order", and with it which of them
 * are equal: numbers by their exact value whatever their types, strings by the bytes of their UTF-8, binary data by
 * length, subtype and bytes. The stand-in's own takes numbers for doubles and strings for UTF-16.
 */
final class StandInOrder implements Comparator<Object> {
    static final StandInOrder VALUES = new StandInOrder();

    /** The classes of types in their order; what is of one of them is compared by value. */
    private static final List<List<Class<?>>> CLASSES = List.of(
            List.of(MinKey.class),
            List.of(Missing.class),
            List.of(Number.class),
            List.of(String.class),
            List.of(Document.class),
            List.of(Collection.class),
            List.of(BinData.class, UUID.class, LegacyUUID.class),
            List.of(ObjectId.class),
            List.of(Boolean.class),
            List.of(Instant.class),
            List.of(BsonTimestamp.class),
            List.of(MaxKey.class));

    private StandInOrder() {}

    /** Whether the server compares two values at all where a filter asks for the lesser or the greater. */
    static boolean areOfOneClass(Object one, Object other) {
        return rank(one) == rank(other);
    }

    private static int rank(Object value) {
        Object present = Missing.ofNullable(value);
        for (int i = 0; i < CLASSES.size(); i++) {
            if (CLASSES.get(i).stream().anyMatch(type -> type.isInstance(present))) {
                return i;
            }
        }
        throw new IllegalArgumentException("values of " + present.getClass() + " have no order here");
    }

    @Override
    public int compare(Object one, Object other) {
        int byClass = Integer.compare(rank(one), rank(other));
        if (byClass != 0) {
            return byClass;
        }
        if (one instanceof Number number) {
            return exact(number).compareTo(exact((Number) other));
        }
        if (one instanceof String text) {
            return Arrays.compareUnsigned(
                    text.getBytes(StandardCharsets.UTF_8), ((String) other).getBytes(StandardCharsets.UTF_8));
        }
        if (one instanceof Document document) {
            return compareDocuments(document, (Document) other);
        }
        if (one instanceof Collection<?> list) {
            return compareLists(list, (Collection<?>) other);
        }
        return compareOthers(one, other);
    }

    private static int compareOthers(Object one, Object other) {
        if (one instanceof BinData || one instanceof UUID || one instanceof LegacyUUID) {
            return Comparator.<byte[]>comparingInt(bytes -> bytes.length)
                    .thenComparing(Arrays::compareUnsigned)
                    .compare(binary(one), binary(other));
        }
        if (one instanceof ObjectId id) {
            return id.compareTo((ObjectId) other);
        }
        if (one instanceof Boolean truth) {
            return truth.compareTo((Boolean) other);
        }
        if (one instanceof Instant instant) {
            return instant.compareTo((Instant) other);
        }
        return one instanceof BsonTimestamp timestamp ? timestamp.compareTo((BsonTimestamp) other) : 0;
    }

    /** The value of a number; infinities have none, and no document of ours holds one. */
    static BigDecimal exact(Number number) {
        if (number instanceof Decimal128 decimal) {
            return decimal.toBigDecimal();
        }
        return number instanceof Double ? new BigDecimal(number.doubleValue()) : new BigDecimal(number.longValue());
    }

    private static byte[] binary(Object value) {
        if (value instanceof BinData data) {
            return ByteBuffer.allocate(data.getData().length + 1)
                    .put((byte) 0)
                    .put(data.getData())
                    .array();
        }
        UUID uuid = value instanceof LegacyUUID legacy ? legacy.getUuid() : (UUID) value;
        return ByteBuffer.allocate(17)
                .put((byte) (value instanceof LegacyUUID ? 3 : 4))
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    /** Field by field in their order: their classes, then their names, then their values. */
    private static int compareDocuments(Document one, Document other) {
        Iterator<Map.Entry<String, Object>> others = other.entrySet().iterator();
        for (Map.Entry<String, Object> field : one.entrySet()) {
            if (!others.hasNext()) {
                return 1;
            }
            Map.Entry<String, Object> second = others.next();
            int byField = Integer.compare(rank(field.getValue()), rank(second.getValue()));
            if (byField == 0) {
                byField = VALUES.compare(field.getKey(), second.getKey());
            }
            if (byField == 0) {
                byField = VALUES.compare(field.getValue(), second.getValue());
            }
            if (byField != 0) {
                return byField;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private static int compareLists(Collection<?> one, Collection<?> other) {
        Iterator<?> others = other.iterator();
        for (Object element : one) {
            int byElement = others.hasNext() ? VALUES.compare(element, others.next()) : 1;
            if (byElement != 0) {
                return byElement;
            }
        }
        return others.hasNext() ? -1 : 0;
    }
}
