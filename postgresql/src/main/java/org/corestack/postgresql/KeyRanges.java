package org.corestack.postgresql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Key;
import org.corestack.sql.SqlPart;
import org.corestack.sql.TextRange;
import org.jspecify.annotations.Nullable;

/** Predicates on the key itself: ranges of the column {@code key}, whose first byte is the class of type. */
final class KeyRanges {
    private KeyRanges() {}

    static SqlPart compare(Operator operator, @Nullable Object value) {
        byte[] canonical = Key.of(Objects.requireNonNull(value)).toBytes();
        String compared = "key " + operator.symbol() + " ?";
        return SqlPart.of(
                switch (operator) {
                    case EQ -> compared;
                    case LT, LTE -> compared + " AND key >= " + tag(canonical[0]);
                    case GT, GTE -> compared + " AND key < " + tag(canonical[0] + 1);
                },
                (Object) canonical);
    }

    private static String tag(int type) {
        return "'\\x" + HexFormat.of().toHexDigits((byte) type) + "'::bytea";
    }

    static SqlPart in(List<@Nullable Object> values) {
        byte[][] keys = values.stream()
                .map(value -> Key.of(Objects.requireNonNull(value)).toBytes())
                .toArray(byte[][]::new);
        return SqlPart.of("key = ANY (?)", (Object) keys);
    }

    static SqlPart prefix(String prefix) {
        byte type = Key.of("").toBytes()[0];
        String end = TextRange.end(prefix);
        return end == null
                ? SqlPart.of("key >= ? AND key < " + tag(type + 1), (Object) text(type, prefix))
                : SqlPart.of("key >= ? AND key < ?", text(type, prefix), text(type, end));
    }

    private static byte[] text(byte type, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(type);
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
