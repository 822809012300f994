package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.corestack.document.Key;

/** Keys as a column holds them: text and integers as such, all others by their canonical bytes. */
final class KeyColumn {
    private KeyColumn() {}

    static Object toColumn(Key key) {
        Object value = key.value();
        return value instanceof String || value instanceof Long ? value : key.toBytes();
    }

    static Key read(ResultSet row, int column) throws SQLException {
        Object value = row.getObject(column);
        return value instanceof byte[] canonical ? Key.fromBytes(canonical) : Key.of(value);
    }
}
