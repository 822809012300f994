package org.corestack.sqlite;

import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.sql.JsonCodec;
import org.jspecify.annotations.Nullable;

/**
 * Keys as a column holds them: text and integers as such, others by their canonical bytes.
 *
 * <p>SQLite orders numbers before text and text before bytes, as keys are ordered, save that booleans come
 * before all integers: so they are two real numbers below these.
 */
final class KeyColumn {
    static final double FALSE = -2e19;
    static final double TRUE = -1e19;

    private KeyColumn() {}

    static Object toColumn(Key key) {
        Object value = key.value();
        if (value instanceof Boolean truth) {
            return truth ? TRUE : FALSE;
        }
        return value instanceof String || value instanceof Long ? value : key.toBytes();
    }

    static Key fromColumn(Object value) {
        if (value instanceof Double number) {
            return Key.of(number == TRUE);
        }
        return value instanceof byte[] canonical ? Key.fromBytes(canonical) : Key.of(value);
    }

    /** The JSON of a key that is a record, for filters and sorts by its components; null for other keys. */
    static @Nullable String toRecord(Key key, JsonCodec codec) {
        return key.value() instanceof Document components
                ? codec.encode(components).doc()
                : null;
    }
}
