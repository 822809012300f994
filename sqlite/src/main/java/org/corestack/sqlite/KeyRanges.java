package org.corestack.sqlite;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Key;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.SqlPart;
import org.corestack.sql.TextRange;
import org.jspecify.annotations.Nullable;

/** Predicates on the key itself: ranges of the column {@code key}, each class of type being one ({@link KeyColumn}). */
final class KeyRanges {
    private final JsonCodec codec;

    KeyRanges(JsonCodec codec) {
        this.codec = codec;
    }

    SqlPart compare(Operator operator, @Nullable Object value) {
        Object column = KeyColumn.toColumn(Key.of(Objects.requireNonNull(value)));
        SqlPart compared = SqlPart.of("key " + operator.symbol() + " ?", column);
        return switch (operator) {
            case EQ -> compared;
            case LT, LTE -> SqlPart.join(" AND ", List.of(compared, from(column)));
            case GT, GTE -> SqlPart.join(" AND ", List.of(compared, to(column)));
        };
    }

    /** That a key is not before the class of one. */
    private static SqlPart from(Object column) {
        if (column instanceof byte[] canonical) {
            return SqlPart.of("key >= x'" + tag(canonical[0]) + "'");
        }
        if (column instanceof String) {
            return SqlPart.of("key >= ''");
        }
        return SqlPart.of(column instanceof Long ? "key > " + KeyColumn.TRUE : "key >= " + KeyColumn.FALSE);
    }

    /** That a key is not behind the class of one. */
    private static SqlPart to(Object column) {
        if (column instanceof byte[] canonical) {
            return SqlPart.of("key < x'" + tag(canonical[0] + 1) + "'");
        }
        if (column instanceof String) {
            return SqlPart.of("key < x''");
        }
        return SqlPart.of(column instanceof Long ? "key < ''" : "key <= " + KeyColumn.TRUE);
    }

    private static String tag(int type) {
        return HexFormat.of().toHexDigits((byte) type);
    }

    SqlPart prefix(String prefix) {
        String end = TextRange.end(prefix);
        return end == null
                ? SqlPart.of("key >= ? AND key < x''", prefix)
                : SqlPart.of("key >= ? AND key < ?", prefix, end);
    }

    /** Bytes stand in hexadecimal in the one parameter that all values of a kind are. */
    SqlPart in(List<@Nullable Object> values) {
        List<Object> plain = new ArrayList<>();
        List<String> bytes = new ArrayList<>();
        List<SqlPart> kinds = new ArrayList<>();
        for (Object value : values) {
            Object column = KeyColumn.toColumn(Key.of(Objects.requireNonNull(value)));
            if (column instanceof byte[] canonical) {
                bytes.add(HexFormat.of().formatHex(canonical));
            } else {
                plain.add(column);
            }
        }
        if (!plain.isEmpty()) {
            kinds.add(SqlPart.of("key IN (SELECT value FROM json_each(?))", codec.encodeValue(plain)));
        }
        if (!bytes.isEmpty()) {
            kinds.add(SqlPart.of("key IN (SELECT unhex(value) FROM json_each(?))", codec.encodeValue(bytes)));
        }
        return kinds.size() == 1 ? kinds.get(0) : SqlPart.any(kinds);
    }
}
