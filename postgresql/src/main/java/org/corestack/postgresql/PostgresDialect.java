package org.corestack.postgresql;

import java.util.List;
import org.corestack.document.Bytes;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter.Operator;
import org.corestack.sql.DoubleForm;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.NumberForm;
import org.corestack.sql.SqlDialect;
import org.corestack.sql.SqlPart;
import org.jspecify.annotations.Nullable;

/**
 * Values in PostgreSQL's terms.
 *
 * <p>The first column of a path is its number, a decimal's nearest one; NaN, which comes behind all numbers and is no
 * value of a document, stands for what is none. The second is text, compared by bytes: what decides between decimals
 * of one nearest number, and for others a letter for the class of type and then the value; nothing for null and
 * missing. An index holds some 2,700 bytes, so it is cut, and the third column is what was cut off.
 */
final class PostgresDialect implements SqlDialect {
    /** The most characters of a value's text that an index holds: 4 bytes each, beside a key of 1 KiB. */
    static final int PREFIX = 300;

    private static final String NO_NUMBER = "'NaN'";
    private static final char BOOLEAN = 'b';
    private static final char DOCUMENT = 'd';
    private static final char LIST = 'l';
    private static final char STRING = 's';
    private static final char INSTANT = 't';
    private static final char UUID = 'u';
    private static final char BYTES = 'x';

    private final JsonCodec codec;

    PostgresDialect(JsonCodec codec) {
        this.codec = codec;
    }

    @Override
    public List<String> columns(FieldPath path) {
        return List.of(number(path), prefix(path), rest(path));
    }

    /** The columns that an index is on, before the key. */
    List<String> indexed(FieldPath path) {
        return List.of(number(path), prefix(path));
    }

    @Override
    public boolean comparesRows() {
        return true;
    }

    private static String number(FieldPath path) {
        String value = value(path, "->");
        return "coalesce((" + value + "->'$n')::numeric, CASE WHEN jsonb_typeof(" + value + ") = 'number' THEN ("
                + value + ")::numeric END, " + NO_NUMBER + ")";
    }

    private static String prefix(FieldPath path) {
        return "left(" + text(path) + ", " + PREFIX + ") COLLATE \"C\"";
    }

    private static String rest(FieldPath path) {
        return "substr(" + text(path) + ", " + (PREFIX + 1) + ") COLLATE \"C\"";
    }

    private static String text(FieldPath path) {
        String value = value(path, "->");
        String text = value(path, "->>");
        return "CASE jsonb_typeof(" + value + ")"
                + " WHEN 'string' THEN '" + STRING + "' || (" + text + ")"
                + " WHEN 'number' THEN '" + NumberForm.EQUAL + "'"
                + " WHEN 'boolean' THEN '" + BOOLEAN + "' || (" + text + ")"
                + " WHEN 'object' THEN coalesce(" + value + "->>'$r', '" + INSTANT + "' || (" + value + "->>'$t'), '"
                + UUID + "' || (" + value + "->>'$u'), '" + BYTES + "' || (" + value + "->>'$b'), CASE WHEN " + value
                + "->'$n' IS NULL THEN '" + DOCUMENT + "' ELSE '" + NumberForm.EQUAL + "' END)"
                + " WHEN 'array' THEN '" + LIST + "' ELSE '' END";
    }

    /** The names are letters, digits and underscores: nothing to escape. A list has nothing under a name. */
    private static String value(FieldPath path, String last) {
        StringBuilder value = new StringBuilder("doc");
        int end = path.names().size() - 1;
        for (int i = 0; i <= end; i++) {
            value.append(i == end ? last : "->")
                    .append('\'')
                    .append(path.names().get(i))
                    .append('\'');
        }
        return value.toString();
    }

    @Override
    public SqlPart compare(FieldPath path, Operator operator, @Nullable Object value) {
        if (value == null) {
            return SqlPart.of(number(path) + " = " + NO_NUMBER + " AND " + prefix(path) + " = ''");
        }
        if (value instanceof Number number) {
            return compareNumber(path, operator, NumberForm.of(number));
        }
        if (value instanceof Boolean truth) {
            return compareText(path, operator, BOOLEAN, truth.toString());
        }
        if (value instanceof String text) {
            return compareText(path, operator, STRING, text);
        }
        String json = codec.encodeValue(value); // {"$t":"…"} and the like
        char type = value instanceof Bytes ? BYTES : json.charAt(3);
        return compareText(path, operator, type, json.substring(7, json.length() - 2));
    }

    private static SqlPart compareNumber(FieldPath path, Operator operator, NumberForm form) {
        Number nearest = form.nearest();
        Object number = new PgNumeric(nearest instanceof Double d ? DoubleForm.PLAIN.text(d) : String.valueOf(nearest));
        if (operator == Operator.EQ) {
            return SqlPart.of(number(path) + " = ? AND " + prefix(path) + " = ?", number, form.rest());
        }
        String row = "(" + number(path) + ", " + prefix(path) + ") " + operator.symbol() + " (?, ?)";
        // What is no number comes behind all numbers, and has to be left out above.
        return SqlPart.of(
                isBelow(operator) ? row : row + " AND " + number(path) + " < " + NO_NUMBER, number, form.rest());
    }

    private static SqlPart compareText(FieldPath path, Operator operator, char type, String value) {
        String text = type + value;
        String noNumber = number(path) + " = " + NO_NUMBER + " AND ";
        String bound = "";
        if (operator != Operator.EQ) {
            bound = " AND " + prefix(path) + (isBelow(operator) ? " >= '" + type : " < '" + (char) (type + 1)) + "'";
        }
        if (text.codePointCount(0, text.length()) < PREFIX) {
            // Nothing that is cut has so short a beginning: the beginnings compare as the wholes do.
            return SqlPart.of(noNumber + prefix(path) + " " + operator.symbol() + " ?" + bound, text);
        }
        int end = text.offsetByCodePoints(0, PREFIX);
        return SqlPart.of(
                noNumber + "(" + prefix(path) + ", " + rest(path) + ") " + operator.symbol() + " (?, ?)" + bound,
                text.substring(0, end),
                text.substring(end));
    }

    private static boolean isBelow(Operator operator) {
        return operator == Operator.LT || operator == Operator.LTE;
    }
}
