package org.corestack.postgresql;

import java.util.List;
import org.corestack.sql.NumberForm;

/**
 * The expressions that say what stands at a path.
 *
 * @param store whose functions are called
 * @param value the value, {@code jsonb}; SQL's NULL where it is missing
 * @param plain the text of a text
 */
record Place(StoreName store, String value, String plain) {
    /** What is no number of a document; it comes behind all numbers. */
    static final String NO_NUMBER = "'NaN'";

    /** What null and missing are as a number: before all numbers of documents. */
    static final String NULL = "-1e400";

    private static final String NUMBER = "_corestack_number";
    private static final String TEXT = "_corestack_text";

    static final char BOOLEAN = 'b';
    static final char DOCUMENT = 'd';
    static final char LIST = 'l';
    static final char STRING = 's';
    static final char INSTANT = 't';
    static final char UUID = 'u';
    static final char BYTES = 'x';

    /** What stands at names within JSON. A list has nothing under a name. */
    static Place within(StoreName store, String json, List<String> names) {
        StringBuilder holder = new StringBuilder(json);
        for (String name : names.subList(0, names.size() - 1)) {
            holder.append("->").append(Names.literal(name));
        }
        String last = Names.literal(names.get(names.size() - 1));
        return new Place(store, holder + "->" + last, holder + "->>" + last);
    }

    /** The element of a list itself. */
    static Place element(StoreName store, String json) {
        return new Place(store, json, "(" + json + " #>> '{}')");
    }

    /** The number, a decimal's nearest one; {@link #NULL} for null and missing, {@link #NO_NUMBER} for others. */
    String number() {
        return store.quoted(NUMBER) + "(" + value + ")";
    }

    /** The beginning of the text, which an index holds. */
    String prefix() {
        return "left(" + text() + ", " + PostgresDialect.PREFIX + ") COLLATE \"C\"";
    }

    /** What lies behind the beginning. */
    String rest() {
        return "substr(" + text() + ", " + (PostgresDialect.PREFIX + 1) + ") COLLATE \"C\"";
    }

    private String text() {
        return store.quoted(TEXT) + "(" + value + ")";
    }

    /**
     * The functions of a store that say what an index compares. They are functions so that an index on many paths fits
     * into the row of the catalog that describes it; the planner puts what they do in their place.
     */
    static List<String> functions(StoreName store) {
        String begin = "CREATE FUNCTION " + store.quotedSchema() + ".";
        String kind = " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ";
        return List.of(
                begin + Names.quote(NUMBER) + "(value jsonb) RETURNS numeric" + kind
                        + "CASE jsonb_typeof(value) WHEN 'number' THEN value::numeric WHEN 'object' THEN"
                        + " coalesce((value->'$n')::numeric, " + NO_NUMBER + ") WHEN 'string' THEN " + NO_NUMBER
                        + " WHEN 'boolean' THEN " + NO_NUMBER + " WHEN 'array' THEN " + NO_NUMBER + " ELSE " + NULL
                        + " END $$",
                begin + Names.quote(TEXT) + "(value jsonb) RETURNS text" + kind
                        + "CASE jsonb_typeof(value) WHEN 'string' THEN '" + STRING + "' || (value #>> '{}')"
                        + " WHEN 'number' THEN '" + NumberForm.EQUAL + "'"
                        + " WHEN 'boolean' THEN '" + BOOLEAN + "' || (value #>> '{}')"
                        + " WHEN 'object' THEN coalesce(value->>'$r', '" + INSTANT + "' || (value->>'$t'), '" + UUID
                        + "' || (value->>'$u'), '" + BYTES + "' || (value->>'$b'), CASE WHEN value->'$n' IS NULL THEN '"
                        + DOCUMENT + "' ELSE '" + NumberForm.EQUAL + "' END)"
                        + " WHEN 'array' THEN '" + LIST + "' ELSE '' END $$");
    }

    /** That there is a value, be it null. */
    String present() {
        return value + " IS NOT NULL";
    }

    /** That it is a list. */
    String isList() {
        return "jsonb_typeof(" + value + ") = 'array'";
    }

    /** That it is a document, and no value of a type that JSON does not have. */
    String isDocument() {
        return "(jsonb_typeof(" + value + ") = 'object' AND NOT jsonb_exists_any(" + value
                + ", ARRAY['$t', '$u', '$b', '$d', '$f']))";
    }
}
