package org.corestack.sqlite;

import java.util.List;
import org.corestack.sql.NumberForm;

/**
 * The expressions that say what stands at a path.
 *
 * @param value the value as SQLite compares it, {@link #NULL} where it is null or missing
 * @param rest what decides between decimals whose value is equal
 * @param type the name that SQLite's JSON has for its type; SQL's NULL where it is missing
 */
record Place(String value, String rest, String type) {
    /** What sorts before all numbers and is none of a document. */
    static final String NULL = "-9e999";

    /** What stands at names within JSON. */
    static Place within(String json, List<String> names) {
        String path = path(names);
        return new Place(
                "coalesce(json_extract(" + json + ", '" + path + ".\"$n\"'), json_extract(" + json + ", '" + path
                        + "'), " + NULL + ")",
                "coalesce(json_extract(" + json + ", '" + path + ".\"$r\"'), '" + NumberForm.EQUAL + "')",
                "json_type(" + json + ", '" + path + "')");
    }

    /**
     * The element of a list itself, a row of {@code json_each}.
     *
     * @param alias of the row
     * @param json the element where it is an object, else SQL's NULL
     */
    static Place element(String alias, String json) {
        return new Place(
                "coalesce(json_extract(" + json + ", '$.\"$n\"'), " + alias + ".value, " + NULL + ")",
                "coalesce(json_extract(" + json + ", '$.\"$r\"'), '" + NumberForm.EQUAL + "')",
                alias + ".type");
    }

    /** A path in SQLite's terms. A checked name holds neither quotation marks of any kind nor a backslash. */
    static String path(List<String> names) {
        StringBuilder path = new StringBuilder("$");
        for (String name : names) {
            boolean plain = name.chars().allMatch(c -> c == '_' || (c < 0x80 && Character.isLetterOrDigit(c)));
            path.append(plain ? "." + name : ".\"" + name + '"');
        }
        return path.toString();
    }

    /** That no rest is over. */
    String equalRest() {
        return rest + " = '" + NumberForm.EQUAL + "'";
    }

    /** 1 for truths and texts, 0 for other values, which share theirs with some of them; SQL's NULL for null and missing. */
    String kind() {
        return "nullif(" + type + ", 'null') IN ('true', 'false', 'text')";
    }

    /** That there is a value, be it null. */
    String present() {
        return type + " IS NOT NULL";
    }
}
