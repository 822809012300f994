package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.corestack.document.Bytes;
import org.corestack.document.Filter.Operator;
import org.corestack.sql.DoubleForm;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.NumberForm;
import org.corestack.sql.SqlPart;
import org.corestack.sql.TextRange;
import org.jspecify.annotations.Nullable;

/** Predicates on the value at a place. Each says that a value is there, so that an index without the others serves it. */
final class Comparisons {
    private final JsonCodec codec;
    private final Place place;
    private final String number;
    private final String prefix;
    private final String rest;

    Comparisons(JsonCodec codec, Place place) {
        this.codec = codec;
        this.place = place;
        this.number = place.number();
        this.prefix = place.prefix();
        this.rest = place.rest();
    }

    SqlPart compare(Operator operator, @Nullable Object value) {
        if (value == null) {
            return SqlPart.of(number + " = " + Place.NULL + " AND " + prefix + " = ''");
        }
        SqlPart compared = value instanceof Number one
                ? compareNumber(operator, NumberForm.of(one))
                : compareText(operator, text(value));
        return there(compared);
    }

    private SqlPart there(SqlPart part) {
        return part.within("", " AND " + place.present());
    }

    /** The letter of the class of type, and the value. */
    private String text(Object value) {
        if (value instanceof Boolean truth) {
            return Place.BOOLEAN + truth.toString();
        }
        if (value instanceof String text) {
            return Place.STRING + text;
        }
        String json = codec.encodeValue(value); // {"$t":"…"} and the like
        return (value instanceof Bytes ? Place.BYTES : json.charAt(3)) + json.substring(7, json.length() - 2);
    }

    private static PgNumeric numeric(NumberForm form) {
        Number nearest = form.nearest();
        return new PgNumeric(nearest instanceof Double d ? DoubleForm.PLAIN.text(d) : String.valueOf(nearest));
    }

    private SqlPart compareNumber(Operator operator, NumberForm form) {
        if (operator == Operator.EQ) {
            return SqlPart.of(number + " = ? AND " + prefix + " = ?", numeric(form), form.rest());
        }
        String row = "(" + number + ", " + prefix + ") " + operator.symbol() + " (?, ?)";
        // What is no number comes before or behind all numbers. A number's text is digits.
        String above = row + " AND " + number + (isBelow(operator) ? " > " + Place.NULL : " < " + Place.NO_NUMBER);
        return SqlPart.of(above + " AND " + prefix + " >= '0' AND " + prefix + " < ':'", numeric(form), form.rest());
    }

    private SqlPart compareText(Operator operator, String text) {
        String noNumber = number + " = " + Place.NO_NUMBER + " AND ";
        String bound = "";
        if (operator != Operator.EQ) {
            char type = text.charAt(0);
            bound = " AND " + prefix + (isBelow(operator) ? " >= '" + type : " < '" + (char) (type + 1)) + "'";
        }
        if (!isLong(text)) {
            // Nothing that is cut has so short a beginning: the beginnings compare as the wholes do.
            return SqlPart.of(noNumber + prefix + " " + operator.symbol() + " ?" + bound, text);
        }
        int end = text.offsetByCodePoints(0, PostgresDialect.PREFIX);
        return SqlPart.of(
                noNumber + "(" + prefix + ", " + rest + ") " + operator.symbol() + " (?, ?)" + bound,
                text.substring(0, end),
                text.substring(end));
    }

    private static boolean isLong(String text) {
        return text.codePointCount(0, text.length()) >= PostgresDialect.PREFIX;
    }

    private static boolean isBelow(Operator operator) {
        return operator == Operator.LT || operator == Operator.LTE;
    }

    SqlPart prefix(String begin) {
        String text = Place.STRING + begin;
        String noNumber = number + " = " + Place.NO_NUMBER + " AND ";
        if (isLong(text)) {
            int end = text.offsetByCodePoints(0, PostgresDialect.PREFIX);
            return there(SqlPart.of(
                    noNumber + prefix + " = ? AND starts_with(" + rest + ", ?)",
                    text.substring(0, end),
                    text.substring(end)));
        }
        String behind = Objects.requireNonNull(TextRange.end(text)); // there are letters behind that of strings
        return there(SqlPart.of(noNumber + prefix + " >= ? AND " + prefix + " < ?", text, behind));
    }

    /** One predicate for each kind of value, which takes all its values as one parameter. */
    SqlPart in(List<@Nullable Object> values) {
        if (values.size() == 1) {
            return compare(Operator.EQ, values.get(0));
        }
        List<String> whole = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<SqlPart> kinds = new ArrayList<>();
        for (@Nullable Object value : values) {
            if (value == null) {
                kinds.add(compare(Operator.EQ, null));
            } else if (value instanceof Number one && NumberForm.of(one).rest().equals(NumberForm.EQUAL)) {
                whole.add(numeric(NumberForm.of(one)).text());
            } else if (value instanceof Number || isLong(text(value))) {
                kinds.add(compare(Operator.EQ, value));
            } else {
                texts.add(text(value));
            }
        }
        if (!whole.isEmpty()) {
            kinds.add(there(SqlPart.of(
                    number + " = ANY (?::numeric[]) AND " + prefix + " = '" + NumberForm.EQUAL + "'",
                    (Object) whole.toArray(new String[0]))));
        }
        if (!texts.isEmpty()) {
            kinds.add(there(SqlPart.of(number + " = " + Place.NO_NUMBER + " AND " + prefix + " = ANY (?)", (Object)
                    texts.toArray(new String[0]))));
        }
        return kinds.size() == 1 ? kinds.get(0) : SqlPart.any(kinds);
    }
}
