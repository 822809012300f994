package org.corestack.postgresql;

import java.util.HexFormat;
import java.util.List;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.FieldPath.Root;
import org.corestack.document.Key;
import org.corestack.sql.JsonCodec;
import org.jspecify.annotations.Nullable;

/**
 * A path as an aggregate takes it.
 *
 * @param path the path
 * @param groups what is equal where the values are, and orders them
 * @param json the value as {@link #decode} reads it
 * @param integer that it is an integer
 * @param number the integer
 * @param decimal the decimal, NULL for others
 * @param floating the double as a text, NULL for others
 * @param scalar that it is a scalar
 */
record Operand(
        FieldPath path,
        List<String> groups,
        String json,
        String integer,
        String number,
        String decimal,
        String floating,
        String scalar) {
    static Operand of(FieldPath path, PostgresDialect dialect) {
        return path.isWholeKey() ? ofKey(path) : ofPlace(path, dialect.place(path));
    }

    private static Operand ofPlace(FieldPath path, Place place) {
        String value = place.value();
        String text = "(" + place.plain() + ")";
        String isNumber = "jsonb_typeof(" + value + ") = 'number'";
        return new Operand(
                path,
                List.of(place.number(), place.prefix(), place.rest()),
                "(" + value + ")::text",
                isNumber + " AND strpos(" + text + ", '.') = 0",
                "(CASE WHEN " + isNumber + " THEN " + text + " END)::numeric",
                "(" + value + "->>'$d')::numeric",
                "CASE WHEN " + isNumber + " AND strpos(" + text + ", '.') > 0 THEN " + text + " ELSE " + value
                        + "->>'$f' END",
                "(" + place.prefix() + " > '' AND " + place.prefix() + " NOT IN ('" + Place.LIST + "', '"
                        + Place.DOCUMENT + "'))");
    }

    /** Integers have eight bytes with the sign flipped behind their tag, records the last tag. */
    private static Operand ofKey(FieldPath path) {
        return new Operand(
                path,
                List.of("key"),
                "encode(key, 'hex')",
                "get_byte(key, 0) = 2",
                "(CASE WHEN get_byte(key, 0) = 2 THEN (('x' || encode(substr(key, 2, 8), 'hex'))::bit(64)" + " # '"
                        + "1" + "0".repeat(63) + "'::bit(64))::bigint END)::numeric",
                "NULL::numeric",
                "NULL::text",
                "get_byte(key, 0) < 7");
    }

    /**
     * The value.
     *
     * @param text what the expression for it gave
     * @param longs the column of the same row
     */
    @Nullable
    Object decode(@Nullable String text, @Nullable String longs, JsonCodec codec) {
        if (text == null) {
            return null;
        }
        if (path.isWholeKey()) {
            return Key.fromBytes(HexFormat.of().parseHex(text)).value();
        }
        StringBuilder document = new StringBuilder();
        path.names().forEach(name -> document.append("{\"").append(name).append("\":"));
        document.append(text).append("}".repeat(path.names().size()));
        boolean ofKey = path.root() == Root.KEY;
        Document decoded = codec.decode(document.toString(), ofKey ? null : longs);
        Object value = new FieldPath(path.names()).read(Key.of(0), decoded);
        return ofKey && value instanceof Integer number ? (Object) number.longValue() : value;
    }
}
