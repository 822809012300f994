package org.corestack.sqlite;

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
 * @param groups what is equal where the values are
 * @param value the first of what an index would be on
 * @param rest the second
 * @param json the value as {@link #decode} reads it
 * @param integer that it is an integer
 * @param number the integer
 * @param other the double, or the decimal as a text
 * @param scalar that it is a scalar
 */
record Operand(
        FieldPath path,
        List<String> groups,
        String value,
        String rest,
        String json,
        String integer,
        String number,
        String other,
        String scalar) {
    static Operand of(FieldPath path, SqliteDialect dialect) {
        return path.isWholeKey() ? ofKey(path) : ofPlace(path, dialect.place(path));
    }

    private static Operand ofPlace(FieldPath path, Place place) {
        String root = path.root() == Root.KEY ? "record" : "doc";
        String at = Place.path(path.names());
        String plain = "json_extract(" + root + ", '" + at + "')";
        return new Operand(
                path,
                List.of(place.value(), place.rest(), place.kind()),
                place.value(),
                place.rest(),
                root + " -> '" + at + "'",
                place.type() + " = 'integer'",
                plain,
                "CASE " + place.type() + " WHEN 'real' THEN " + plain + " WHEN 'object' THEN json_extract(" + root
                        + ", '" + at + ".\"$d\"') END",
                "(" + place.type() + " IN ('integer', 'real', 'text', 'true', 'false') OR (" + place.type()
                        + " = 'object' AND (typeof(" + place.value() + ") <> 'text' OR " + place.value()
                        + " GLOB '{\"$[tubd]\"*')))");
    }

    /** Keys that are records are no scalars. They stand behind all others. */
    private static Operand ofKey(FieldPath path) {
        return new Operand(
                path,
                List.of("key"),
                "key",
                "'1'",
                "CASE typeof(key) WHEN 'text' THEN 't' || key WHEN 'integer' THEN 'i' || key WHEN 'real' THEN"
                        + " CASE key WHEN " + KeyColumn.TRUE + " THEN 'y' ELSE 'n' END ELSE 'b' || hex(key) END",
                "typeof(key) = 'integer'",
                "key",
                "NULL",
                "(typeof(key) <> 'blob' OR key < x'07')");
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
            return key(text).value();
        }
        StringBuilder document = new StringBuilder();
        path.names().forEach(name -> document.append("{\"").append(name).append("\":"));
        document.append(text).append("}".repeat(path.names().size()));
        boolean ofKey = path.root() == Root.KEY;
        Document decoded = codec.decode(document.toString(), ofKey ? null : longs);
        Object value = new FieldPath(path.names()).read(Key.of(0), decoded);
        return ofKey && value instanceof Integer number ? (Object) number.longValue() : value;
    }

    private static Key key(String text) {
        String rest = text.substring(1);
        return switch (text.charAt(0)) {
            case 't' -> Key.of(rest);
            case 'i' -> Key.of(Long.parseLong(rest));
            case 'b' -> Key.fromBytes(HexFormat.of().parseHex(rest));
            default -> Key.of(text.equals("y"));
        };
    }
}
