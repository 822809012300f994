package org.corestack.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.corestack.document.Filter.Operator;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.NumberForm;
import org.corestack.sql.SqlPart;
import org.corestack.sql.TextRange;
import org.jspecify.annotations.Nullable;

/**
 * Predicates on the value at a place.
 *
 * <p>SQLite orders numbers before texts and texts by their UTF-8 bytes, so each class of type is a range of values,
 * narrowed by a look at the type where it shares it with another.
 */
final class Comparisons {
    private static final String FIRST_TEXT = "''";
    /** Bytes come behind all text. No value is one, but without an upper bound the index is not thought worth it. */
    private static final String BEHIND_TEXTS = "x''";

    private static final String A_BOOLEAN = "IN ('true', 'false')";
    private static final String NO_BOOLEAN = "NOT IN ('true', 'false')";
    private static final String A_TEXT = "= 'text'";
    private static final String AN_OBJECT = "= 'object'";

    private final JsonCodec codec;
    private final Place place;

    Comparisons(JsonCodec codec, Place place) {
        this.codec = codec;
        this.place = place;
    }

    SqlPart compare(Operator operator, @Nullable Object value) {
        if (value == null) {
            return SqlPart.of(place.value() + " = " + Place.NULL + " AND " + place.equalRest());
        }
        if (value instanceof Number number) {
            return compareNumber(operator, NumberForm.of(number));
        }
        if (value instanceof Boolean truth) {
            return guarded(operator, truth ? 1L : 0L, "0", "1", A_BOOLEAN);
        }
        if (value instanceof String text) {
            return guarded(operator, text, FIRST_TEXT, BEHIND_TEXTS, A_TEXT);
        }
        String json = codec.encodeValue(value);
        String tag = json.substring(0, json.indexOf(':') + 1);
        // All values of the tag lie between its name followed by a quotation mark, and by the character after that.
        return guarded(operator, json, "'" + tag + "\"'", "'" + tag + "#'", AN_OBJECT);
    }

    /** A comparison within the range of one class, whose values all have the same rest. */
    private SqlPart guarded(Operator operator, Object value, String first, String last, String type) {
        StringBuilder text = new StringBuilder(place.value() + " " + operator.symbol() + " ?");
        if (operator == Operator.EQ) {
            text.append(" AND ").append(place.equalRest());
        } else {
            boolean below = operator == Operator.LT || operator == Operator.LTE;
            text.append(" AND ").append(place.value()).append(below ? " >= " + first : " <= " + last);
        }
        return SqlPart.of(text + " AND " + place.type() + " " + type, value);
    }

    private SqlPart compareNumber(Operator operator, NumberForm number) {
        String value = place.value();
        String noBoolean = " AND " + place.type() + " " + NO_BOOLEAN;
        if (operator == Operator.EQ) {
            return SqlPart.of(value + " = ? AND " + place.rest() + " = ?" + noBoolean, number.nearest(), number.rest());
        }
        boolean below = operator == Operator.LT || operator == Operator.LTE;
        String strict = below ? "<" : ">";
        String range = below
                ? value + " <= ? AND " + value + " > " + Place.NULL
                : value + " >= ? AND " + value + " < " + FIRST_TEXT;
        return SqlPart.of(
                range + " AND (" + value + " " + strict + " ? OR " + place.rest() + " " + operator.symbol() + " ?)"
                        + noBoolean,
                number.nearest(),
                number.nearest(),
                number.rest());
    }

    SqlPart prefix(String prefix) {
        String end = TextRange.end(prefix);
        SqlPart from = SqlPart.of(place.value() + " >= ?", prefix);
        SqlPart to = end == null
                ? SqlPart.of(place.value() + " < " + BEHIND_TEXTS)
                : SqlPart.of(place.value() + " < ?", end);
        return SqlPart.join(" AND ", List.of(from, to, SqlPart.of(place.type() + " " + A_TEXT)));
    }

    /** One predicate for each class of type, which takes all its values as one parameter. */
    SqlPart in(List<@Nullable Object> values) {
        if (values.size() == 1) {
            return compare(Operator.EQ, values.get(0));
        }
        List<SqlPart> classes = new ArrayList<>();
        values.stream()
                .filter(value -> value == null || value instanceof Boolean)
                .distinct()
                .forEach(value -> classes.add(compare(Operator.EQ, value)));
        List<NumberForm> numbers = of(Number.class, values).map(NumberForm::of).toList();
        List<Number> whole = numbers.stream()
                .filter(number -> number.rest().equals(NumberForm.EQUAL))
                .map(NumberForm::nearest)
                .toList();
        addClass(classes, whole, NO_BOOLEAN);
        addClass(classes, of(String.class, values).toList(), A_TEXT);
        addClass(classes, tagged(values), AN_OBJECT);
        List<NumberForm> broken = numbers.stream()
                .filter(number -> !number.rest().equals(NumberForm.EQUAL))
                .toList();
        if (!broken.isEmpty()) {
            classes.add(inBroken(broken));
        }
        return classes.size() == 1 ? classes.get(0) : SqlPart.any(classes);
    }

    private static <T> Stream<T> of(Class<T> type, List<@Nullable Object> values) {
        return values.stream().filter(Objects::nonNull).filter(type::isInstance).map(type::cast);
    }

    private List<String> tagged(List<@Nullable Object> values) {
        return of(Object.class, values)
                .filter(value -> !(value instanceof Number || value instanceof Boolean || value instanceof String))
                .map(codec::encodeValue)
                .toList();
    }

    private void addClass(List<SqlPart> classes, List<?> values, String type) {
        if (!values.isEmpty()) {
            classes.add(SqlPart.of(
                    place.value() + " IN (SELECT value FROM json_each(?)) AND " + place.equalRest() + " AND "
                            + place.type() + " " + type,
                    codec.encodeValue(values)));
        }
    }

    /** Decimals between the numbers of SQLite: a range of the index by these, then both parts together. */
    private SqlPart inBroken(List<NumberForm> numbers) {
        List<Number> nearest = numbers.stream().map(NumberForm::nearest).toList();
        List<List<Object>> pairs = numbers.stream()
                .map(number -> List.<Object>of(number.nearest(), number.rest()))
                .toList();
        return SqlPart.of(
                place.value() + " IN (SELECT value FROM json_each(?)) AND (" + place.value() + ", " + place.rest()
                        + ") IN (SELECT value ->> '$[0]', value ->> '$[1]' FROM json_each(?)) AND " + place.type()
                        + " " + NO_BOOLEAN,
                codec.encodeValue(nearest),
                codec.encodeValue(pairs));
    }
}
