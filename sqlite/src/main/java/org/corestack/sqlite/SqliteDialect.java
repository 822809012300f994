package org.corestack.sqlite;

import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter.Operator;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.NumberForm;
import org.corestack.sql.SqlDialect;
import org.corestack.sql.SqlPart;
import org.jspecify.annotations.Nullable;

/**
 * Values in SQLite's terms.
 *
 * <p>The first column of a path is the value itself: a number (a decimal's nearest one, a boolean's 0 or 1),
 * a text (a string's own, a tagged value's JSON, a list's or document's JSON), and minus infinity for null
 * and missing, which no number of a document is and which sorts before them. The second is what decides
 * between decimals whose first is equal. SQLite orders numbers before texts and texts by their UTF-8 bytes,
 * so each class of type is a range, narrowed by a look at the type where it shares it with another.
 */
final class SqliteDialect implements SqlDialect {
    private static final String NULL = "-9e999";
    private static final String FIRST_TEXT = "''";
    /** Bytes come behind all text. No value is one, but without an upper bound the index is not thought worth it. */
    private static final String BEHIND_TEXTS = "x''";

    private final JsonCodec codec;

    SqliteDialect(JsonCodec codec) {
        this.codec = codec;
    }

    @Override
    public List<String> columns(FieldPath path) {
        return List.of(value(path), rest(path));
    }

    private static String value(FieldPath path) {
        return "coalesce(json_extract(doc, '" + json(path) + ".\"$n\"'), json_extract(doc, '" + json(path) + "'), "
                + NULL + ")";
    }

    private static String rest(FieldPath path) {
        return "coalesce(json_extract(doc, '" + json(path) + ".\"$r\"'), '" + NumberForm.EQUAL + "')";
    }

    private static String type(FieldPath path) {
        return "json_type(doc, '" + json(path) + "')";
    }

    /** The names are letters, digits and underscores: nothing to escape. */
    private static String json(FieldPath path) {
        return "$." + String.join(".", path.names());
    }

    @Override
    public SqlPart compare(FieldPath path, Operator operator, @Nullable Object value) {
        if (value == null) {
            return SqlPart.of(value(path) + " = " + NULL + " AND " + equalRest(path));
        }
        if (value instanceof Number number) {
            return compareNumber(path, operator, NumberForm.of(number));
        }
        if (value instanceof Boolean truth) {
            return guarded(path, operator, truth ? 1L : 0L, "0", "1", "IN ('true', 'false')");
        }
        if (value instanceof String text) {
            return guarded(path, operator, text, FIRST_TEXT, BEHIND_TEXTS, "= 'text'");
        }
        String json = codec.encodeValue(value);
        String tag = json.substring(0, json.indexOf(':') + 1);
        // All values of the tag lie between its name followed by a quotation mark, and by the character after that.
        return guarded(path, operator, json, "'" + tag + "\"'", "'" + tag + "#'", "= 'object'");
    }

    /** A comparison within the range of one class, whose values all have the same rest. */
    private static SqlPart guarded(
            FieldPath path, Operator operator, Object value, String first, String last, String type) {
        StringBuilder text = new StringBuilder(value(path) + " " + operator.symbol() + " ?");
        if (operator == Operator.EQ) {
            text.append(" AND ").append(equalRest(path));
        } else {
            boolean below = operator == Operator.LT || operator == Operator.LTE;
            text.append(" AND ").append(value(path)).append(below ? " >= " + first : " <= " + last);
        }
        return SqlPart.of(text + " AND " + type(path) + " " + type, value);
    }

    private static String equalRest(FieldPath path) {
        return rest(path) + " = '" + NumberForm.EQUAL + "'";
    }

    private static SqlPart compareNumber(FieldPath path, Operator operator, NumberForm number) {
        String value = value(path);
        String rest = rest(path);
        String noBoolean = " AND " + type(path) + " NOT IN ('true', 'false')";
        String symbol = operator.symbol();
        if (operator == Operator.EQ) {
            return SqlPart.of(value + " = ? AND " + rest + " = ?" + noBoolean, number.nearest(), number.rest());
        }
        boolean below = operator == Operator.LT || operator == Operator.LTE;
        String strict = below ? "<" : ">";
        String range =
                below ? value + " <= ? AND " + value + " > " + NULL : value + " >= ? AND " + value + " < " + FIRST_TEXT;
        return SqlPart.of(
                range + " AND (" + value + " " + strict + " ? OR " + rest + " " + symbol + " ?)" + noBoolean,
                number.nearest(),
                number.nearest(),
                number.rest());
    }
}
